import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { WorkflowStatus } from '#client/api-types.ts';
import { answer } from '#client/client.ts';
import type { Restarts } from '#local/deaths.ts';
import { firstItems } from '../pages.ts';
import { failingTable } from '../failing-table.ts';
import { facts, failureText, table } from '../print.ts';
import { readRun, runFailure } from '../runs.ts';
import { common, print, wholeNumber, type CommonOptions, type Shell } from '../shell.ts';
import { plain } from '../terminal.ts';

/** Commands for operators, for workflows of any kind. */
export function operationCommands(program: Command, shell: Shell): void {
  common(
    program
      .command('status')
      .argument('[workflow-id]', 'show the steps, result or failure of this workflow')
      .option('--last <n>', 'at most so many workflows', wholeNumber, 20)
      .description('show whether the platform is ready and which workflows run, or show one workflow'),
    'status score/my_model/my_features/v1/2026-10-01/r1',
  ).action(async (id: string | undefined, options: CommonOptions & { last: number }) => {
    const client = await shell.connect();
    if (id !== undefined) {
      const status = await readRun(client, id);
      print(shell, options, status, statusText(status));
      return;
    }
    const { checks } = await answer(client.GET('/readyz'));
    const workflows = await firstItems(options.last, (query) =>
      answer(client.GET('/v1/workflows', { params: { query } })),
    );
    const failing = await firstItems(options.last, (query) =>
      answer(client.GET('/v1/models', { params: { query: { ...query, failing: 'true' } } })),
    );
    const { MILLRACE_HOME } = await shell.terminal.environment();
    const { readDeaths, restartsOf } = await import('#local/deaths.ts');
    const restarts = restartsOf(readDeaths(resolve(shell.terminal.folder, MILLRACE_HOME)));
    const text = [
      facts([
        ['api', client.url],
        ...checks.map(
          ({ name, ok, ms, message }) => [name, ok ? `ready (${ms} ms)` : (message ?? 'failed')] as const,
        ),
      ]),
      ...(restarts.length === 0 ? [] : [restartsTable(restarts)]),
      ...(failing.length === 0 ? [] : [failingTable(failing)]),
      table(
        ['workflow', 'status', 'started', 'by'],
        workflows.map((row) => [row.workflow_id, row.status, row.started_at, row.requested_by]),
      ),
    ].join('\n');
    print(shell, options, { api: client.url, checks, restarts, failing, workflows }, text);
  });

  common(
    program
      .command('logs')
      .argument('<workflow-id>')
      .option('-f, --follow', 'keep printing until the workflow ends')
      .description('print the logs of the jobs that a workflow started'),
    'logs -f train/my_model/my_features/…/2026-11-01',
  ).action(async (id: string, options: CommonOptions & { follow?: boolean }) => {
    const client = await shell.connect();
    const path = { '*': `${id}/logs` };
    if (options.follow !== true) {
      const log = await answer(client.GET('/v1/workflows/{*}', { params: { path }, parseAs: 'text' }));
      print(shell, options, { workflow_id: id, log }, plain(log));
      return;
    }
    const params = { path, query: { follow: 'true' } };
    const log = await answer(client.endless.GET('/v1/workflows/{*}', { params, parseAs: 'stream' }));
    for await (const text of log?.pipeThrough(new TextDecoderStream()) ?? [])
      print(shell, options, { workflow_id: id, log: text }, plain(text));
  });

  common(
    program
      .command('cancel')
      .argument('<workflow-id>')
      .description('cancel a workflow after stopping its jobs'),
    'cancel backfill/my_model/my_features/v1/2026-09-01..2026-09-30',
  ).action(async (id: string, options: CommonOptions) => {
    const client = await shell.connect();
    const path = { '*': `${id}/cancel` };
    const asked = await answer(client.POST('/v1/workflows/{*}', { params: { path } }));
    print(
      shell,
      options,
      asked,
      `${id} is being cancelled; \`millrace status ${id}\` shows when it has ended\n${asked.note === undefined ? '' : `${asked.note}\n`}`,
    );
  });
}

/** Local processes that died and were restarted. */
function restartsTable(restarts: readonly Restarts[]): string {
  return table(
    ['local process', 'deaths', 'last died', 'restarted'],
    restarts.map((one) => [one.name, one.deaths, one.last_died_at, one.last_back_at ?? 'not yet']),
  );
}

function statusText(status: WorkflowStatus): string {
  const {
    workflow_id,
    type,
    status: state,
    summary,
    started_at,
    closed_at,
    requested_by,
    ui,
    steps,
  } = status;
  return [
    facts([
      ['workflow', workflow_id],
      ['type', type],
      ['summary', summary],
      ['status', state],
      ['started', started_at],
      ['ended', closed_at],
      ['by', requested_by],
      ['Temporal UI', ui],
    ]),
    table(
      ['step', 'status', 'attempt', 'started', 'ended', 'message'],
      steps.map((step) => [
        step.name,
        step.status,
        step.attempt,
        step.started_at,
        step.closed_at,
        step.message,
      ]),
    ),
    status.older_steps === true
      ? `older steps are in the Temporal UI${ui === undefined ? '' : `: ${ui}`}\n`
      : '',
    status.failure === undefined ? '' : failureText(runFailure(status)),
    status.failing === undefined ? '' : failureText(runFailure({ ...status, failure: status.failing })),
  ]
    .filter((part) => part !== '')
    .join('\n');
}
