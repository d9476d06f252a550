import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CliFailure } from '../../failure.ts';
import { common, type CommonOptions, type Shell } from '../../shell.ts';
import { plain } from '../../terminal.ts';

/** What is printed of a test's result. */
interface Result {
  readonly feature_set: string;
  readonly name: string;
  readonly date: string;
  readonly where: string;
  readonly passed: boolean;
  readonly differences: readonly Difference[];
  readonly expected_error?: string;
  readonly error?: { readonly code: string; readonly message: string; readonly where?: string };
}

interface Difference {
  readonly entity: Readonly<Record<string, unknown>>;
  readonly kind: string;
  readonly column?: string;
  readonly expected?: unknown;
  readonly got?: unknown;
}

/** Differences that are printed of one test. */
const MOST_SHOWN = 20;

export function testCommand(features: Command, shell: Shell): void {
  common(
    features
      .command('test')
      .argument('[dir]', 'folder with YAML and SQL', '.')
      .description(
        'run the tests in files .test.yaml: given rows, expected rows; on this machine, without any server',
      ),
    'features test my-configs',
  ).action(async (dir: string, options: CommonOptions) => {
    const { runTests, testsInFolder } = await import('#local/feature-sets/run-tests.ts');
    const results: Result[] = [];
    for await (const result of runTests(await testsInFolder(resolve(shell.terminal.folder, dir)))) {
      results.push(result);
      if (options.json !== true) shell.terminal.out(plain(lineOf(result)));
    }
    if (options.json === true) shell.terminal.out(`${JSON.stringify({ tests: results })}\n`);
    const failed = results.filter(({ passed }) => !passed);
    if (failed.length > 0)
      throw new CliFailure('FEATURE_TEST_FAILED', `${failed.length} of ${results.length} tests fail.`, {
        problems: failed.map(({ where, name }) => `${where}: ${name}`),
      });
    if (options.json !== true) shell.terminal.out(`${results.length} tests pass\n`);
  });
}

function lineOf(result: Result): string {
  const { passed, feature_set, date, name } = result;
  return [
    `${passed ? 'ok  ' : 'FAIL'}  ${feature_set}  ${date}  ${name}`,
    ...(passed ? [] : detailsOf(result)),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function detailsOf({ differences, error, expected_error: expected }: Result): string[] {
  const more = differences.length - MOST_SHOWN;
  return [
    ...(expected === undefined ? [] : [`      expected ${expected} | got ${error?.code ?? 'rows'}`]),
    ...(error === undefined
      ? []
      : [`      ${error.code}: ${error.message}${error.where === undefined ? '' : ` (${error.where})`}`]),
    ...differences.slice(0, MOST_SHOWN).map((one) => `      ${differenceText(one)}`),
    ...(more > 0 ? [`      ${more} more differences`] : []),
  ];
}

function differenceText({ entity, kind, column, expected, got }: Difference): string {
  const row = Object.entries(entity)
    .map(([name, value]) => `${name} ${shown(value)}`)
    .join(', ');
  if (column === undefined) return `${row}: ${kind}`;
  return `${row}: ${column}: expected ${shown(expected)} | got ${shown(got)}`;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
