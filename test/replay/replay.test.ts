import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { TOOLS } from '#local/tools.ts';
import { workflowBundle } from '#workers/bundle.ts';
import { INTERCEPTORS } from '#workers/host.ts';
import * as workflows from '#workflows/index.ts';
import { bigEvents } from '#test/support/history-size.ts';
import { FINGERPRINTS, fingerprint, savedHistories } from './histories.ts';

Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });

const saved = savedHistories();

const WHAT_TO_DO = `
Runs that began before this edit will meet the new code half-way, and it does not ask for what they have done.
- Keep both ways: if (patched('<what changed>')) { new steps } else { the old ones }, and save a history of the new way beside
  the old one. Once no run from before is left, deprecatePatch('<what changed>') replaces the branch.
- Or, as long as no installation has runs of this release that matter: npm run histories records all of them anew.
docs/workflows.md tells more.`;

test('there is a history of every workflow', () => {
  const recorded = new Set(saved.map(({ workflow }) => workflow));
  assert.deepEqual(
    Object.keys(workflows).filter((name) => !recorded.has(name)),
    [],
  );
});

test('every saved history replays on the workflows as they are now', async () => {
  const { codePath } = await workflowBundle(join(TOOLS, 'bundle'));
  const options = { workflowBundle: { codePath }, interceptors: INTERCEPTORS, replayName: 'saved' };
  const histories = saved.map(({ name, history }) => ({ workflowId: name, history }));
  const broken: string[] = [];
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories)) {
    if (error !== undefined) broken.push(`${workflowId}: ${error.message}`);
  }
  assert.deepEqual(broken, [], `${broken.join('\n')}\n${WHAT_TO_DO}`);
});

test('the commands of each history are those that were reviewed', () => {
  const reviewed = JSON.parse(readFileSync(FINGERPRINTS, 'utf8')) as Record<string, readonly string[]>;
  const found = Object.fromEntries(saved.map((history) => [history.name, fingerprint(history)]));
  assert.deepEqual(
    found,
    reviewed,
    `test/replay/fingerprints.json differs from the saved histories.${WHAT_TO_DO}`,
  );
});

test('no event of a history is above 64 KB', () => {
  const big = saved.flatMap(({ name, history }) =>
    bigEvents(history.events).map((event) => `${name} ${event}`),
  );
  assert.deepEqual(big, []);
});

test('every child is started with the labels that operators filter by', () => {
  const unlabelled: string[] = [];
  let children = 0;
  // The time-skipping server, which recorded the other one, keeps no search attributes.
  const onRealServer = saved.filter(({ name }) => !name.startsWith('modelLifecycle.approved-without-signal'));
  for (const { name, history } of onRealServer)
    for (const { startChildWorkflowExecutionInitiatedEventAttributes: child } of history.events) {
      if (child === undefined) continue;
      children += 1;
      const { workflowType, searchAttributes } = child as {
        readonly workflowType: { readonly name: string };
        readonly searchAttributes?: { readonly indexedFields?: Readonly<Record<string, unknown>> };
      };
      const labels = Object.keys(searchAttributes?.indexedFields ?? {});
      if (!['MillraceModel', 'MillraceFeatureSet'].every((label) => labels.includes(label)))
        unlabelled.push(`${name}: ${workflowType.name}`);
    }
  assert.ok(children > 4);
  assert.deepEqual(unlabelled, []);
});
