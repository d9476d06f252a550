import type { Command } from 'commander';
import { answer } from '#client/client.ts';
import { CliFailure } from '../../failure.ts';
import { table } from '../../print.ts';
import { common, date, print, type CommonOptions, type Shell } from '../../shell.ts';

export function checkCommand(features: Command, shell: Shell): void {
  common(
    features
      .command('check')
      .argument('<feature-set>')
      .argument('<date>', 'a partition date', date)
      .description('run the applied checks on a committed partition, which stays as it is'),
    'features check my_features 2026-05-01',
  ).action(async (set: string, dt: string, options: CommonOptions) => {
    const client = await shell.connect();
    const path = '/v1/feature-sets/{set}/partitions/{dt}/checks';
    const checked = await answer(client.GET(path, { params: { path: { set, dt } } }));
    const failed = checked.checks.filter(({ success, severity }) => !success && severity === 'error');
    if (failed.length > 0)
      throw new CliFailure(
        'CHECK_FAILED',
        `${failed.length} of ${checked.checks.length} checks of "${set}" fail.`,
        {
          remedy: 'Correct the source, the query or the check; the partition stays as it is.',
          where: `${set} ${dt} r${checked.revision}`,
          problems: failed.map(
            ({ expectation, column, duckdb_query }) =>
              `${expectation}${column === undefined ? '' : ` (${column})`}${duckdb_query === undefined ? '' : `: ${duckdb_query}`}`,
          ),
        },
      );
    const rows = checked.checks.map(({ expectation, column, severity, success, observed }) => [
      expectation,
      column ?? '',
      severity,
      success ? 'passes' : 'fails',
      observed === null ? '' : String(observed),
    ]);
    print(shell, options, checked, table(['check', 'column', 'severity', 'verdict', 'observed'], rows));
  });
}
