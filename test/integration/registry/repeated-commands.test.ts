import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { MillraceError } from '#errors/millrace-error.ts';
import type { TableHandle } from '#platform/table/table.ts';
import type { Pair } from '#configs/pair.ts';
import { createRegistry, type Registry } from '#registry/registry.ts';
import {
  firstApproval,
  deploymentOf,
  freshPair,
  trainedVersion,
  withRegistry,
} from '#test/support/registry.ts';

const DUE = '2026-02-01T00:00:00.000Z';
const EMITTED = {
  scheduler: 'airflow',
  schedule: '0 5 * * *',
  timezone: 'UTC',
  start: DUE,
  digest: 'd',
  schedule_digest: null,
} as const;

const stores = await withRegistry();

describe('a command whose answer was lost', () => {
  /** A life of one pair in which every command occurs, each with an id of its own. */
  async function lifeOf(pair: Pair): Promise<readonly ((registry: Registry) => Promise<unknown>)[]> {
    const [one, two] = [
      await trainedVersion(stores.objects, pair),
      await trainedVersion(stores.objects, pair),
    ];
    const common = { pair, dueBy: DUE, principal: 'oper', reason: 'as planned' };
    const approve = [firstApproval(one, 1), firstApproval(two, 2)] as const;
    const deploy = [
      deploymentOf(pair, 1, 1, DUE),
      deploymentOf(pair, 2, 2, DUE),
      deploymentOf(pair, 3, 2, DUE),
    ] as const;
    return [
      (registry) => registry.registerVersion(one),
      (registry) => registry.registerVersion(two),
      (registry) => registry.judge(approve[0]),
      (registry) => registry.judge(approve[1]),
      (registry) => registry.schedule(deploy[0]),
      (registry) => registry.schedule(deploy[1]),
      (registry) => registry.schedule(deploy[2]),
      (registry) => registry.cancelDeployment({ ...common, deployment: 3, commandId: 'cancel' }),
      (registry) => registry.promote({ ...common, deployment: 1, commandId: 'promote-1' }),
      (registry) => registry.promote({ ...common, deployment: 2, commandId: 'promote-2' }),
      (registry) => registry.recordSpec({ pair, emitted: EMITTED, commandId: 'emit' }),
      (registry) => registry.noteArchived({ ...common, deployment: 1, commandId: 'note' }),
      (registry) => registry.rollBack({ ...common, fromDeployment: 2, commandId: 'rollback' }),
      (registry) => registry.archiveVersion({ ...common, version: 1, commandId: 'archive' }),
      (registry) => registry.withdrawVersion({ ...common, version: 2, commandId: 'withdraw' }),
    ];
  }

  it('gives its first result when it is repeated, at once or after the whole life, and writes nothing', async () => {
    const { registry } = stores;
    const pair = freshPair();
    const life = await lifeOf(pair);
    const results: unknown[] = [];
    for (const command of life) {
      const first = await command(registry);
      const { seq } = await registry.state(pair);
      assert.deepEqual(await command(registry), first);
      assert.equal((await registry.state(pair)).seq, seq);
      results.push(first);
    }
    const end = await registry.state(pair);
    for (const [index, command] of life.entries()) assert.deepEqual(await command(registry), results[index]);
    assert.deepEqual(await registry.state(pair), end);
    assert.deepEqual([end.seq, end.dossier.count], [life.length, life.length + 1]);
  });

  it('was carried out once, although each commit was cut off after the table had it', async () => {
    const pair = freshPair();
    const life = await lifeOf(pair);
    for (const command of life) {
      const cut = createRegistry(losingAnswers(stores.table), stores.objects);
      await assert.rejects(command(cut), { code: 'STORE_UNREACHABLE' });
      await command(stores.registry);
    }
    const { seq, dossier } = await stores.registry.state(pair);
    assert.deepEqual([seq, dossier.count], [life.length, life.length + 1]);
    assert.equal((await stores.registry.verifyDossier(pair)).verified, true);
  });
});

/** A connection that breaks after each transaction has reached the table. */
function losingAnswers(table: TableHandle): TableHandle {
  const client = new Proxy(table.client, {
    get(target, property, receiver) {
      if (property !== 'send') return Reflect.get(target, property, receiver) as unknown;
      return async (command: Parameters<typeof target.send>[0]) => {
        const answer = await target.send(command);
        if (command instanceof TransactWriteCommand) {
          throw new MillraceError('STORE_UNREACHABLE', 'the connection broke');
        }
        return answer;
      };
    },
  });
  return { client, name: table.name };
}
