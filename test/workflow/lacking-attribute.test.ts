import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { createWorkflowReader } from '#api/workflows/reader.ts';
import { ensureSearchAttributes } from '#bootstrap/search-attributes.ts';
import { start, until, waitsOnTimer } from '#test/support/runs.ts';
import { newModel, putLake, trainInput } from '#test/support/world-models.ts';
import { namespaceWorld } from '#test/support/world.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import type { LifecycleInput } from '#workflows/contract/messages.ts';
import { SEARCH_ATTRIBUTES } from '#workflows/contract/search-attributes.ts';
import { forThisFile } from '#test/support/stores.ts';

const world = await forThisFile(namespaceWorld());
before(() => putLake(world));

test('a lifecycle on a server that lacks a search attribute says so, and goes on once it is registered again', async () => {
  const { connection, options } = world.client;
  const { namespace } = options;
  const { name } = SEARCH_ATTRIBUTES.stage;
  await connection.operatorService.removeSearchAttributes({ namespace, searchAttributes: [name] });
  const input = await trainInput(world, await newModel(world));
  const lifecycle: LifecycleInput = { ...input, requested_by: 'ana' };
  const handle = await start(world, 'modelLifecycle', lifecycle, workflowId.lifecycle(input.key));
  const reader = createWorkflowReader(world.client, undefined);
  const { failing } = await until(
    async () => {
      const shown = await reader.read(handle.workflowId);
      return shown.failing !== undefined && shown;
    },
    'its state is explained',
    60_000,
  );
  assert.equal(failing?.code, 'WORKFLOW_TASK_FAILING');
  assert.match(failing?.message ?? '', new RegExp(name));
  // Every worker of `lifecycle` does this once a minute.
  assert.deepEqual(await ensureSearchAttributes(world.client), [name]);
  await until(() => waitsOnTimer(handle), 'the version waits for approval', 90_000);
  assert.equal((await reader.read(handle.workflowId)).failing, undefined);
});
