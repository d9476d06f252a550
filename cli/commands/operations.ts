import type { Command } from 'commander';
import { facts, failureText, table } from '../print.ts';
import { readRun, runFailure, type RunStatus } from '../runs.ts';
import { common, print, type CommonOptions, type Shell } from '../shell.ts';
import { plain } from '../terminal.ts';

type Row = Pick<RunStatus, 'workflow_id' | 'type' | 'status' | 'started_at' | 'requested_by'>;

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly ms: number;
}

/** What operators do with workflows of any kind. */
export function operationCommands(program: Command, shell: Shell): void {
  common(
    program
      .command('status')
      .argument('[workflow-id]', 'steps, result or failure of this one')
      .description('show whether the platform is ready and what runs, or one workflow'),
    'status score/my_model/my_features/v1/2026-10-01/r1',
  ).action(async (id: string | undefined, options: CommonOptions) => {
    const client = await shell.connect();
    if (id !== undefined) {
      const status = await readRun(client, id);
      print(shell, options, status, statusText(status));
      return;
    }
    const { checks } = await client.get<{ checks: readonly Check[] }>('/readyz');
    const { workflows } = await client.get<{ workflows: readonly Row[] }>('/v1/workflows?limit=20');
    const text = [
      facts([['api', client.url], ...checks.map(({ name, ms }) => [name, `ready (${ms} ms)`] as const)]),
      table(
        ['workflow', 'status', 'started', 'by'],
        workflows.map((row) => [row.workflow_id, row.status, row.started_at, row.requested_by]),
      ),
    ].join('\n');
    print(shell, options, { api: client.url, checks, workflows }, text);
  });

  common(
    program
      .command('logs')
      .argument('<workflow-id>')
      .option('-f, --follow', 'go on until the workflow ends')
      .description('print the logs of the jobs that a workflow started'),
    'logs -f train/my_model/my_features/…/2026-11-01',
  ).action(async (id: string, options: CommonOptions & { follow?: boolean }) => {
    const client = await shell.connect();
    const path = `/v1/workflows/${encodeURIComponent(id)}/logs`;
    if (options.follow !== true) {
      const log = await client.text(path);
      print(shell, options, { workflow_id: id, log }, plain(log));
      return;
    }
    for await (const text of client.stream(`${path}?follow=true`))
      print(shell, options, { workflow_id: id, log: text }, plain(text));
  });

  common(
    program
      .command('cancel')
      .argument('<workflow-id>')
      .description('ask a workflow to end; its jobs are ended first'),
    'cancel backfill/my_model/my_features/v1/2026-09-01..2026-09-30',
  ).action(async (id: string, options: CommonOptions) => {
    const client = await shell.connect();
    const asked = await client.post(`/v1/workflows/${encodeURIComponent(id)}/cancel`);
    print(shell, options, asked, `${id} is asked to end; \`millrace status\` shows when it has\n`);
  });
}

function statusText(status: RunStatus): string {
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
      ['step', 'status', 'try', 'started', 'ended', 'message'],
      steps.map((step) => [
        step.name,
        step.status,
        step.attempt,
        step.started_at,
        step.closed_at,
        step.message,
      ]),
    ),
    status.failure === undefined ? '' : failureText(runFailure(status)),
  ]
    .filter((part) => part !== '')
    .join('\n');
}
