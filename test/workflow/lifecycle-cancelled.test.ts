import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { cancelInRegistry } from '#api/services/cancel-in-registry.ts';
import { approval, deploymentsOf } from '#test/support/registry.ts';
import { until } from '#test/support/runs.ts';
import { forThisFile } from '#test/support/stores.ts';
import { putLake, waitingLifecycle } from '#test/support/world-models.ts';
import { namespaceWorld } from '#test/support/world.ts';
import { parseWorkflowId } from '#workflows/contract/ids.ts';
import { signalChanged } from '#workflows/contract/signals.ts';

// On a real server: the time-skipping one fails a workflow that is cancelled while an activity of it ends.
const world = await forThisFile(namespaceWorld());
before(() => putLake(world));

const { registry } = world;

test('a lifecycle cancelled while its deployment is scheduled leaves who did it in the dossier', async () => {
  const { handle, pair } = await waitingLifecycle(world);
  await registry.judge(await approval(registry, pair, 1));
  await signalChanged(world.plain, registry, { ...pair, version: 1 });
  await until(async () => (await deploymentsOf(registry, pair)).length === 1, 'the deployment is scheduled');
  const id = handle.workflowId;
  const subject = parseWorkflowId(id);
  assert.ok(subject);
  const cancelBy = (name: string, role: 'scientist' | 'operator') =>
    cancelInRegistry({ registry, temporal: world.plain }, id, subject, {
      principal: { name, roles: [role] },
      commandId: randomUUID(),
    });
  await assert.rejects(cancelBy('sam', 'scientist'), { code: 'FORBIDDEN' });
  assert.equal((await registry.deployment(pair, 1)).status, 'scheduled');
  assert.equal(await cancelBy('olga', 'operator'), 'changed');
  await handle.cancel();
  // It may have heard that the deployment was cancelled before it heard that it is cancelled itself.
  await handle.result().catch(() => undefined);
  assert.notEqual((await handle.describe()).status.name, 'RUNNING');
  assert.equal((await registry.deployment(pair, 1)).status, 'cancelled');
  assert.equal((await registry.stage(pair, 1)).stage, 'approved');
  const cancelled = (await registry.dossier(pair)).items.filter(
    ({ kind }) => kind === 'deployment_cancelled',
  );
  assert.deepEqual(
    cancelled.map(({ principal, facts }) => [principal, facts['reason']]),
    [['olga', `Cancelled through ${id}.`]],
  );
});
