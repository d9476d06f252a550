import { randomUUID } from 'node:crypto';
import { allOf } from '#platform/table/page.ts';
import type { TableHandle } from '#platform/table/table.ts';
import { createEntities } from '#registry/entities.ts';
import type { Rollback } from '#registry/commands/roll-back.ts';
import { createRegistry } from '#registry/registry.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { median, timed } from '../numbers.ts';
import { liveFrom, writeDeployments } from './write-deployments.ts';

const PAGE = { limit: 10 };
const WARM_UP = 20;
const ROUNDS = 101;
/** Fewer, since each adds a deployment. */
const ROLLBACKS = { warmUp: 2, rounds: 21 };

export interface Measured {
  readonly p50_ms: number;
  readonly max_ms: number;
  /** Requests to the table of one call, by operation. */
  readonly requests: Readonly<Record<string, number>>;
}

/** How long reads of a pair and a rollback take once it was deployed `count` times, and how many requests they make. */
export async function benchDeployments(table: TableHandle, objects: ObjectStore, count: number) {
  const registry = createRegistry(table, objects);
  const pair = { model: `deployed_${count}`, feature_set: 'behaviour' };
  await writeDeployments(table, pair, count);
  const { deployment } = createEntities(table);
  const counted = countRequests(table);
  const measure = async (
    work: () => Promise<unknown>,
    { warmUp, rounds } = { warmUp: WARM_UP, rounds: ROUNDS },
  ): Promise<Measured> => {
    for (let round = 0; round < warmUp; round += 1) await work();
    const times: number[] = [];
    let requests: Measured['requests'] = {};
    for (let round = 0; round < rounds; round += 1) {
      counted.reset();
      times.push(await timed(work));
      requests = { ...counted.requests() };
    }
    return { p50_ms: hundredths(median(times)), max_ms: hundredths(Math.max(...times)), requests };
  };
  let live: Pick<Rollback, 'deployment' | 'version'> = { deployment: count, version: 2 };
  const middle = liveFrom(count / 2);
  const figures = {
    deployments: count,
    live_at: await measure(() => registry.liveAt(pair, middle)),
    history_page: await measure(() => registry.history(pair, PAGE)),
    deployments_page: await measure(() => registry.deployments(pair, PAGE)),
    rollback_target: await measure(() => registry.rollbackTarget(pair)),
    // What each of these reads did before live intervals had items of their own.
    every_deployment: await measure(() => allOf(deployment.query.byPair(pair), (one) => one)),
    rollback: await measure(rollBack, ROLLBACKS),
  };
  counted.stop();
  return figures;

  /** Back to the other version of the two. */
  async function rollBack(): Promise<void> {
    const { deployment: fromDeployment, version } = live;
    const command = { pair, fromDeployment, toVersion: 3 - version, principal: 'oper' };
    live = await registry.rollBack({ ...command, commandId: randomUUID() });
  }
}

function countRequests({ client }: TableHandle) {
  let requests: Record<string, number> = {};
  client.middlewareStack.add(
    (next, { commandName = 'unknown' }) =>
      async (args) => {
        const operation = commandName.replace(/Command$/, '');
        requests[operation] = (requests[operation] ?? 0) + 1;
        return next(args);
      },
    { step: 'build', name: 'benchRequests' },
  );
  return {
    reset: () => {
      requests = {};
    },
    requests: () => requests,
    stop: () => client.middlewareStack.remove('benchRequests'),
  };
}

function hundredths(ms: number): number {
  return Math.round(ms * 100) / 100;
}
