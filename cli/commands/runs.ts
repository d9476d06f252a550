import type { Command } from 'commander';
import type { Run, WorkflowStatus } from '#client/api-types.ts';
import { answer, type Client } from '#client/client.ts';
import { pairOf, SET_OPTION } from '../pair.ts';
import { facts, table } from '../print.ts';
import { finish, readRun, type Finished } from '../runs.ts';
import { common, date, print, wholeNumber, type CommonOptions, type Shell } from '../shell.ts';

interface RunOptions extends CommonOptions {
  readonly detach?: boolean;
  readonly featureSet?: string;
}

const REFRESH = ['--refresh', 'build partitions anew first whose inputs have changed'] as const;
const DETACH = ['--detach', 'return at once; `millrace status <id>` shows the outcome'] as const;

/** Commands that start a workflow and wait for it unless detached. Interrupting a command leaves its workflow running. */
export function runCommands(program: Command, shell: Shell): void {
  common(
    program
      .command('materialise')
      .argument('<feature-set>')
      .option('--dt <date>', 'one partition date', date)
      .option('--from <date>', 'first partition date', date)
      .option('--to <date>', 'last partition date', date)
      .option('--refresh', 'build a new revision of each partition whose inputs have changed')
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
      const runs = await startPartitions(client, set, {
        from: dt ?? from ?? '',
        to: dt ?? to ?? '',
        refresh,
      });
      tellChanged(shell, options, set, runs);
      if (options.detach === true) {
        print(shell, options, { runs }, runs.map(startedText).join(''));
        return;
      }
      const done: (Finished | WorkflowStatus)[] = [];
      for (const [index, run] of runs.entries()) {
        const title = `${set}: partition ${index + 1} of ${runs.length}`;
        done.push(await finish(client, shell.terminal, run, { title }));
      }
      print(shell, options, { runs: done }, builtText(done));
    },
  );

  common(
    program
      .command('train')
      .argument('<model>')
      .requiredOption('--as-of <date>', 'train on what was known on this date (YYYY-MM-DD)', date)
      .option(...REFRESH)
      .option(...DETACH)
      .description('train a model without registering a version'),
    'train my_model --as-of 2026-11-01 --refresh',
  ).action(async (model: string, options: RunOptions & { asOf: string; refresh?: boolean }) => {
    const { asOf: as_of, refresh = false } = options;
    const init = { params: { path: { model } }, body: { as_of, refresh } };
    await startAndShow(shell, options, `train ${model}`, (client) =>
      answer(client.POST('/v1/models/{model}/trainings', init)),
    );
  });

  common(
    program
      .command('lifecycle')
      .argument('<model>')
      .requiredOption('--as-of <date>', 'train on what was known on this date (YYYY-MM-DD)', date)
      .option(...REFRESH)
      .option('--wait', 'wait until the version is live or rejected, not just registered')
      .option(...DETACH)
      .description('train, register, wait for approval, deploy'),
    'lifecycle my_model --as-of 2026-11-01',
  ).action(
    async (model: string, options: RunOptions & { asOf: string; refresh?: boolean; wait?: boolean }) => {
      const client = await shell.connect();
      const { asOf: as_of, refresh = false } = options;
      const init = { params: { path: { model } }, body: { as_of, refresh } };
      const run = await answer(client.POST('/v1/models/{model}/lifecycles', init));
      tellNote(shell, options, run);
      if (options.detach === true || run.status === 'committed') {
        print(shell, options, run, run.status === 'committed' ? finishedText(run) : startedText(run));
        return;
      }
      const registered = (status: WorkflowStatus) =>
        options.wait !== true && registration(status) !== undefined;
      const done = await finish(client, shell.terminal, run, {
        title: `lifecycle ${model}`,
        enough: registered,
      });
      const id = 'steps' in done ? registration(done) : undefined;
      if (id === undefined) {
        print(shell, options, done, finishedText(done));
        return;
      }
      const result = (await readRun(client, id)).result as { readonly version: number };
      const params = { path: { ...(await pairOf(client, model, undefined)), version: result.version } };
      const { card_missing: lacks } = await answer(
        client.GET('/v1/pairs/{model}/{set}/versions/{version}', { params }),
      );
      const hint =
        lacks.length === 0
          ? `it is waiting for approval: millrace approve ${model} ${result.version} --reason "…"\n`
          : `it cannot be approved: fill in these keys under \`card:\` of model ${model}, apply, and use \`millrace revise-card ${model} ${result.version}\`: ${lacks.join(', ')}\n`;
      print(
        shell,
        options,
        { workflow_id: done.workflow_id, status: 'running', version: result.version, card_missing: lacks },
        `${done.workflow_id}: version ${result.version} is registered\n${hint}`,
      );
    },
  );

  common(
    program
      .command('score')
      .argument('<model>')
      .requiredOption('--date <date>', 'day to score (YYYY-MM-DD)', date)
      .option('--model-version <n>', 'version to score with (default: the live one)', wholeNumber)
      .option(
        '--refresh',
        'score again and commit a new revision, on a partition that is built anew if its inputs have changed',
      )
      .option(...SET_OPTION)
      .option(...DETACH)
      .description('score one day'),
    'score my_model --date 2026-10-01',
  ).action(
    async (
      model: string,
      options: RunOptions & { date: string; modelVersion?: number; refresh?: boolean },
    ) => {
      const { date: score_date, modelVersion: version, refresh = false } = options;
      await startAndShow(shell, options, `score ${model} ${score_date}`, async (client) => {
        const params = { path: await pairOf(client, model, options.featureSet) };
        const body = { score_date, version, refresh };
        return answer(client.POST('/v1/pairs/{model}/{set}/scores', { params, body }));
      });
    },
  );

  common(
    program
      .command('backfill')
      .argument('<model>')
      .requiredOption('--from <date>', 'first day', date)
      .requiredOption('--to <date>', 'last day', date)
      .option('--model-version <n>', 'version to score with (default: the live one)', wholeNumber)
      .option(...SET_OPTION)
      .option(...DETACH)
      .description('score every day of a range'),
    'backfill my_model --from 2026-09-01 --to 2026-09-30',
  ).action(
    async (model: string, options: RunOptions & { from: string; to: string; modelVersion?: number }) => {
      const { from, to, modelVersion: version } = options;
      await startAndShow(shell, options, `backfill ${model}`, async (client) => {
        const params = { path: await pairOf(client, model, options.featureSet) };
        const body = { from, to, version };
        return answer(client.POST('/v1/pairs/{model}/{set}/backfills', { params, body }));
      });
    },
  );

  common(
    program
      .command('repair')
      .argument('<model>')
      .option(...SET_OPTION)
      .option(...DETACH)
      .description('put schedule, DAG spec and dossier copies of a pair right, and try failing steps again'),
    'repair my_model',
  ).action(async (model: string, options: RunOptions) => {
    await startAndShow(shell, options, `repair ${model}`, async (client) => {
      const path = await pairOf(client, model, options.featureSet);
      return answer(client.POST('/v1/pairs/{model}/{set}/repair', { params: { path } }));
    });
  });
}

export async function startAndShow(
  shell: Shell,
  options: RunOptions,
  title: string,
  start: (client: Client) => Promise<Run>,
): Promise<void> {
  const client = await shell.connect();
  const run = await start(client);
  tellNote(shell, options, run);
  if (options.detach === true) {
    print(shell, options, run, startedText(run));
    return;
  }
  const done = await finish(client, shell.terminal, run, { title });
  print(shell, options, done, finishedText(done));
}

function tellNote(shell: Shell, options: RunOptions, { note }: Run): void {
  if (note !== undefined && options.json !== true) shell.terminal.err(`${note}\n`);
}

/** Names the partitions whose inputs have changed, in one line however many they are. */
function tellChanged(shell: Shell, options: RunOptions, set: string, runs: readonly Run[]): void {
  const changed = runs.flatMap(({ inputs_changed }) => inputs_changed ?? []);
  if (changed.length === 0 || options.json === true) return;
  const dates = changed.map(({ dt, revision }) => `${dt} (--refresh builds revision ${revision + 1})`);
  const more = dates.length > NAMED_DATES ? ` and ${dates.length - NAMED_DATES} more` : '';
  shell.terminal.err(
    `The inputs of ${changed.length} of ${runs.length} partitions of ${set} have changed since they were built: ${dates.slice(0, NAMED_DATES).join(', ')}${more}\n`,
  );
}

const NAMED_DATES = 5;

/** Starts one run per partition date of the range. */
async function startPartitions(
  client: Client,
  set: string,
  body: { readonly from: string; readonly to: string; readonly refresh: boolean },
): Promise<readonly Run[]> {
  const params = { path: { set } };
  const started = await answer(client.POST('/v1/feature-sets/{set}/partitions', { params, body }));
  return 'runs' in started ? started.runs : [started];
}

/** Workflow id of the lifecycle's registration, once it has completed. */
function registration({ steps }: WorkflowStatus): string | undefined {
  const step = steps.find((one) => one.kind === 'child' && one.workflow_id?.startsWith('register/') === true);
  return step?.status === 'completed' ? step.workflow_id : undefined;
}

function builtText(done: readonly (Finished | WorkflowStatus)[]): string {
  const rows = done.map(({ status, result }) => {
    const { ref, rows: count, warnings } = result as Built;
    return [ref.dt, ref.revision, count, shownStatus(status), warnings.join(', ') || undefined];
  });
  const known = done.filter(({ status }) => status === 'committed').length;
  const hint = `${known} of ${done.length} already committed\n`;
  return `${table(['partition', 'revision', 'rows', 'status', 'warnings'], rows)}${known === 0 ? '' : hint}`;
}

interface Built {
  readonly ref: { readonly dt: string; readonly revision: number };
  readonly rows: number;
  readonly warnings: readonly string[];
}

function startedText(run: Run): string {
  return `${run.workflow_id} is ${run.status}\n`;
}

function finishedText({ workflow_id, status, result }: Finished | WorkflowStatus | Run): string {
  const shown = typeof result === 'object' && result !== null ? Object.entries(result) : [];
  const simple = shown.filter(([, value]) => typeof value !== 'object' || value === null);
  const lines = facts(simple.map(([name, value]) => [`  ${name}`, value]));
  return `${workflow_id}: ${shownStatus(status)}\n${lines}${status === 'committed' && workflow_id.startsWith('score/') ? REFRESH_HINT : ''}`;
}

const REFRESH_HINT = 'use --refresh to score again\n';

/** Marks a result that existed before this command ran. */
function shownStatus(status: string): string {
  return status === 'committed' ? 'already committed' : status;
}
