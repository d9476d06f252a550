/** `npm run check`: format, lint, types and unused code, of TypeScript and of Python. Ends with `N passed, N failed`. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, tools } from '#local/tools.ts';
import { paint } from './test/print.ts';

interface Check {
  readonly title: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** Below the checkout. */
  readonly folder?: string;
}

const npm = (name: string) => join(ROOT, 'node_modules', '.bin', name);
const python = (name: string) => join(tools.pythonBin, name);

/** Folders with Python. */
const PYTHON = ['trainer', 'airflow', 'test/spark'];

const CHECKS: readonly Check[] = [
  { title: 'Python types (mypy)', command: [tools.python, '-m', 'mypy'], folder: 'trainer' },
  {
    title: 'format (prettier)',
    command: [npm('prettier'), '--check', '--cache', '--log-level', 'warn', '.'],
  },
  {
    title: 'lint and import directions (oxlint)',
    command: [npm('oxlint'), '--type-aware', '--deny-warnings'],
  },
  { title: 'imports by path', command: [process.execPath, 'scripts/check-imports.ts'] },
  { title: 'types (tsc)', command: [npm('tsc')] },
  {
    title: 'generated files (npm run generate)',
    command: [process.execPath, 'scripts/generate.ts', '--check'],
  },
  { title: 'unused code (knip)', command: [npm('knip')] },
  {
    title: 'Python format (ruff)',
    command: [python('ruff'), 'format', '--no-cache', '--check', ...PYTHON],
  },
  { title: 'Python lint (ruff)', command: [python('ruff'), 'check', '--no-cache', ...PYTHON] },
];

const AT_ONCE = 2;
let passed = 0;
const queue = CHECKS.values();
await Promise.all(Array.from({ length: AT_ONCE }, work));
console.log(`${String(passed)} passed, ${String(CHECKS.length - passed)} failed`);
process.exitCode = passed === CHECKS.length ? 0 : 1;

/** Takes checks from the shared queue until none is left. */
async function work(): Promise<void> {
  for (const check of queue) {
    const started = Date.now();
    const problem = await run(check);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    const verdict = problem === undefined ? paint('green', 'ok  ') : paint('red', 'FAIL');
    console.log(`${verdict}  ${check.title}  ${paint('dim', `${seconds} s`)}`);
    if (problem === undefined) passed += 1;
    else console.log(problem.replace(/^/gm, '      '));
  }
}

/** The output of a failed check; undefined if it passed. */
function run({ command, folder }: Check): Promise<string | undefined> {
  const [program, ...args] = command;
  return new Promise((done) => {
    const options = { cwd: join(ROOT, folder ?? '.'), maxBuffer: 64 * 1024 * 1024 };
    execFile(program, args, options, (error, stdout, stderr) => {
      done(error === null ? undefined : `${stdout}${stderr}`.trim() || error.message);
    });
  });
}
