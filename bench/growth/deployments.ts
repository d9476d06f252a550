import { randomUUID } from 'node:crypto';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { allOf } from '#platform/table/page.ts';
import type { TableHandle } from '#platform/table/table.ts';
import type { Rollback } from '#registry/commands/roll-back.ts';
import { createEntities } from '#registry/entities.ts';
import { createRegistry } from '#registry/registry.ts';
import { median, timed } from '../numbers.ts';
import { liveFrom, writeDeployments } from './write-deployments.ts';

const PAGE = { limit: 10 };
const WARM_UP = 20;
const ROUNDS = 101;
/** Of what takes long, or adds deployments. */
const FEW_ROUNDS = 21;

/** Rollbacks come last, since they add deployments. */
const OPERATIONS = [
  'live_at',
  'history_page',
  'deployments_page',
  'rollback_target',
  'every_deployment',
  'rollback',
] as const;
type Operation = (typeof OPERATIONS)[number];
type Operations = Readonly<Record<Operation, () => Promise<unknown>>>;

interface Measured {
  readonly p50_ms: number;
  readonly max_ms: number;
  /** Requests to the table of one call, by operation of DynamoDB. */
  readonly requests: Readonly<Record<string, number>>;
}

/**
 * How long reads of a pair and a rollback take once it was deployed as often as `counts` say, and how many requests they
 * make. The pairs take turns, so that other work on the machine slows all of them alike.
 */
export async function benchDeployments(
  table: TableHandle,
  objects: ObjectStore,
  counts: readonly number[],
): Promise<Partial<Record<Operation, readonly Measured[]>>> {
  const pairs = [];
  for (const count of counts) pairs.push(await deployedPair(table, objects, count));
  const found: Partial<Record<Operation, readonly Measured[]>> = {};
  for (const name of OPERATIONS) {
    const rounds = name === 'rollback' || name === 'every_deployment' ? FEW_ROUNDS : ROUNDS;
    const works = pairs.map((operations) => operations[name]);
    found[name] = await inTurns(table, works, rounds);
  }
  return found;
}

async function deployedPair(table: TableHandle, objects: ObjectStore, count: number): Promise<Operations> {
  const registry = createRegistry(table, objects);
  const { deployment } = createEntities(table);
  const pair = { model: `deployed_${count}`, feature_set: 'behaviour' };
  await writeDeployments(table, pair, count);
  let live: Pick<Rollback, 'deployment' | 'version'> = { deployment: count, version: 2 };
  return {
    live_at: () => registry.liveAt(pair, liveFrom(count / 2)),
    history_page: () => registry.history(pair, PAGE),
    deployments_page: () => registry.deployments(pair, PAGE),
    rollback_target: () => registry.rollbackTarget(pair),
    // What each of these reads did before live intervals had items of their own.
    every_deployment: () => allOf(deployment.query.byPair(pair), (one) => one),
    // Back to the other version of the two.
    rollback: async () => {
      const command = { pair, fromDeployment: live.deployment, toVersion: 3 - live.version };
      live = await registry.rollBack({ ...command, principal: 'oper', commandId: randomUUID() });
    },
  };
}

async function inTurns(
  table: TableHandle,
  works: readonly (() => Promise<unknown>)[],
  rounds: number,
): Promise<readonly Measured[]> {
  const counted = countRequests(table);
  const measured = works.map(() => ({ times: [] as number[], requests: {} }));
  for (let round = 0; round < Math.min(WARM_UP, rounds / 5); round += 1)
    for (const work of works) await work();
  for (let round = 0; round < rounds; round += 1)
    for (const [index, work] of works.entries()) {
      counted.reset();
      const time = await timed(work);
      const of = measured[index];
      of?.times.push(time);
      if (of !== undefined) of.requests = counted.requests();
    }
  counted.stop();
  return measured.map(({ times, requests }) => ({
    p50_ms: hundredths(median(times)),
    max_ms: hundredths(Math.max(...times)),
    requests,
  }));
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
