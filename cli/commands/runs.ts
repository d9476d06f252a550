import type { Command } from 'commander';
import type { Client } from '../client.ts';
import { pairPath, SET_OPTION } from '../pair.ts';
import { facts, table } from '../print.ts';
import { finish, readRun, type Finished, type Run, type RunStatus } from '../runs.ts';
import { common, date, print, wholeNumber, type CommonOptions, type Shell } from '../shell.ts';

interface RunOptions extends CommonOptions {
  readonly detach?: boolean;
  readonly featureSet?: string;
}

const DETACH = ['--detach', 'return at once; `millrace status <id>` follows'] as const;

/** Commands that start a workflow and, unless told otherwise, wait for it. Interrupting one leaves the workflow running. */
export function runCommands(program: Command, shell: Shell): void {
  common(
    program
      .command('materialise')
      .argument('<feature-set>')
      .option('--dt <date>', 'one partition date', date)
      .option('--from <date>', 'first partition date', date)
      .option('--to <date>', 'last partition date', date)
      .option('--refresh', 'build a new revision where the inputs have changed since')
      .option(...DETACH)
      .description('build partitions of a feature set'),
    'materialise my_features --from 2026-05-01 --to 2026-10-01',
  ).action(
    async (
      set: string,
      options: RunOptions & { dt?: string; from?: string; to?: string; refresh?: boolean },
      command: Command,
    ) => {
      const { dt, from, to, refresh = false } = options;
      if (dt === undefined ? from === undefined || to === undefined : from !== undefined || to !== undefined)
        command.error('error: give --dt, or --from and --to');
      const client = await shell.connect();
      const path = `/v1/feature-sets/${encodeURIComponent(set)}/partitions`;
      const body = dt === undefined ? { from, to, refresh } : { from: dt, to: dt, refresh };
      const { runs } = await client.post<{ runs: readonly Run[] }>(path, body);
      if (options.detach === true) {
        print(shell, options, { runs }, runs.map(startedText).join(''));
        return;
      }
      const done: (Finished | RunStatus)[] = [];
      for (const run of runs) done.push(await finish(client, shell.terminal, run));
      print(shell, options, { runs: done }, builtText(done));
    },
  );

  common(
    program
      .command('train')
      .argument('<model>')
      .requiredOption('--as-of <date>', 'train on what was known on this date', date)
      .option(...DETACH)
      .description('train a model; registers nothing'),
    'train my_model --as-of 2026-11-01',
  ).action(async (model: string, options: RunOptions & { asOf: string }) => {
    const body = { as_of: options.asOf };
    await startAndShow(shell, options, (client) =>
      client.post(`/v1/models/${encodeURIComponent(model)}/trainings`, body),
    );
  });

  common(
    program
      .command('lifecycle')
      .argument('<model>')
      .requiredOption('--as-of <date>', 'train on what was known on this date', date)
      .option('--wait', 'wait until the version is live or rejected, not only until it is registered')
      .option(...DETACH)
      .description('train, register, wait for approval, deploy'),
    'lifecycle my_model --as-of 2026-11-01',
  ).action(async (model: string, options: RunOptions & { asOf: string; wait?: boolean }) => {
    const client = await shell.connect();
    const path = `/v1/models/${encodeURIComponent(model)}/lifecycles`;
    const run = await client.post<Run>(path, { as_of: options.asOf });
    if (options.detach === true || run.status === 'committed') {
      print(shell, options, run, run.status === 'committed' ? finishedText(run) : startedText(run));
      return;
    }
    const registered = (status: RunStatus) => options.wait !== true && registration(status) !== undefined;
    const done = await finish(client, shell.terminal, run, registered);
    const id = 'steps' in done ? registration(done) : undefined;
    if (id === undefined) {
      print(shell, options, done, finishedText(done));
      return;
    }
    const result = (await readRun(client, id)).result as { readonly version: number };
    const version = `${await pairPath(client, model, undefined)}/versions/${result.version}`;
    const { card_missing: lacks } = await client.get<{ readonly card_missing: readonly string[] }>(version);
    const hint =
      lacks.length === 0
        ? `it waits for approval: millrace approve ${model} ${result.version} --reason "…"\n`
        : `it cannot be approved: its card lacks ${lacks.join(', ')}\n`;
    print(
      shell,
      options,
      { workflow_id: done.workflow_id, status: 'running', version: result.version, card_missing: lacks },
      `${done.workflow_id}: version ${result.version} is registered\n${hint}`,
    );
  });

  common(
    program
      .command('score')
      .argument('<model>')
      .requiredOption('--date <date>', 'day the scores are for', date)
      .option('--model-version <n>', 'another version than the live one', wholeNumber)
      .option('--refresh', 'score again, as a new revision')
      .option(...SET_OPTION)
      .option(...DETACH)
      .description('score a day'),
    'score my_model --date 2026-10-01',
  ).action(
    async (
      model: string,
      options: RunOptions & { date: string; modelVersion?: number; refresh?: boolean },
    ) => {
      const { date: score_date, modelVersion: version, refresh = false } = options;
      await startAndShow(shell, options, async (client) =>
        client.post(`${await pairPath(client, model, options.featureSet)}/scores`, {
          score_date,
          version,
          refresh,
        }),
      );
    },
  );

  common(
    program
      .command('backfill')
      .argument('<model>')
      .requiredOption('--from <date>', 'first day', date)
      .requiredOption('--to <date>', 'last day', date)
      .option('--model-version <n>', 'another version than the live one', wholeNumber)
      .option(...SET_OPTION)
      .option(...DETACH)
      .description('score every day of a range'),
    'backfill my_model --from 2026-09-01 --to 2026-09-30',
  ).action(
    async (model: string, options: RunOptions & { from: string; to: string; modelVersion?: number }) => {
      const { from, to, modelVersion: version } = options;
      await startAndShow(shell, options, async (client) =>
        client.post(`${await pairPath(client, model, options.featureSet)}/backfills`, { from, to, version }),
      );
    },
  );
}

export async function startAndShow(
  shell: Shell,
  options: RunOptions,
  start: (client: Client) => Promise<Run>,
): Promise<void> {
  const client = await shell.connect();
  const run = await start(client);
  if (options.detach === true) {
    print(shell, options, run, startedText(run));
    return;
  }
  const done = await finish(client, shell.terminal, run);
  print(shell, options, done, finishedText(done));
}

/** Id of the lifecycle's registration, once that is done. */
function registration({ steps }: RunStatus): string | undefined {
  const step = steps.find((one) => one.kind === 'child' && one.workflow_id?.startsWith('register/') === true);
  return step?.status === 'completed' ? step.workflow_id : undefined;
}

function builtText(done: readonly (Finished | RunStatus)[]): string {
  const rows = done.map(({ status, result }) => {
    const { ref, rows: count, warnings } = result as Built;
    return [ref.dt, ref.revision, count, status, warnings.join(', ') || undefined];
  });
  return table(['partition', 'revision', 'rows', 'status', 'warnings'], rows);
}

interface Built {
  readonly ref: { readonly dt: string; readonly revision: number };
  readonly rows: number;
  readonly warnings: readonly string[];
}

function startedText(run: Run): string {
  return `${run.workflow_id} is ${run.status}\n`;
}

function finishedText({ workflow_id, status, result }: Finished | RunStatus | Run): string {
  const shown = typeof result === 'object' && result !== null ? Object.entries(result) : [];
  const simple = shown.filter(([, value]) => typeof value !== 'object' || value === null);
  return `${workflow_id}: ${status}\n${facts(simple.map(([name, value]) => [`  ${name}`, value]))}`;
}
