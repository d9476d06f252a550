import type { Command } from 'commander';
import { answer } from '#client/client.ts';
import type { WorkerBuild, WorkersAndBuilds } from '#client/api-types.ts';
import { table } from '../print.ts';
import { common, print, wholeNumber, type CommonOptions, type Shell } from '../shell.ts';

/** Commands for those who run workers. */
export function workerCommands(program: Command, shell: Shell): void {
  const workers = program
    .command('workers')
    .description('show task queues, workers and builds, and choose the build that gets new runs');
  common(
    workers
      .command('list', { isDefault: true })
      .description('show task queues with what waits there, workers with their slots, and builds'),
    'workers',
  ).action(async (options: CommonOptions) => {
    const client = await shell.connect();
    const found = await answer(client.GET('/v1/workers'));
    print(shell, options, found, workersText(found));
  });

  common(
    workers
      .command('use')
      .argument('<build>', 'a build, or `unversioned` for workers without versioning')
      .option('--percent <n>', 'share of new runs; the current build keeps the rest', wholeNumber, 100)
      .description('make a build of the workers current, or ramp it'),
    'workers use 0.2.0 --percent 10',
  ).action(async (build: string, options: CommonOptions & { percent: number }) => {
    const client = await shell.connect();
    const init = { params: { path: { build } }, body: { percent: options.percent } };
    const used = await answer(client.POST('/v1/workers/builds/{build}/use', init));
    print(shell, options, used, buildsTable(used.builds));
  });
}

function workersText({ queues, workers, builds }: WorkersAndBuilds): string {
  return [
    table(
      ['queue', 'served', 'last seen', 'waiting', 'oldest'],
      queues.map((one) => [
        one.queue,
        one.served ? 'yes' : 'NO',
        one.last_seen_at ?? 'never',
        one.backlog,
        one.backlog === 0 ? undefined : `${Math.round(one.oldest_seconds)} s`,
      ]),
    ),
    table(
      ['worker', 'queue', 'build', 'state', 'last report', 'workflow slots', 'activity slots'],
      workers.map((one) => [
        one.worker,
        one.queue,
        one.build,
        one.state,
        one.last_report_at,
        slotsText(one.workflow_slots),
        slotsText(one.activity_slots),
      ]),
    ),
    ...(builds.length === 0 ? [] : [buildsTable(builds)]),
  ].join('\n');
}

function buildsTable(builds: readonly WorkerBuild[]): string {
  return table(
    ['build', 'state', 'share of new runs', 'since'],
    builds.map(({ build, state, percent, since }) => [
      build,
      state,
      percent === undefined ? undefined : `${percent} %`,
      since,
    ]),
  );
}

function slotsText(slots: { readonly used: number; readonly free: number } | undefined): string | undefined {
  return slots && `${slots.used} of ${slots.used + slots.free} used`;
}
