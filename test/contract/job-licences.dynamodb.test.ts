import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readEnvironment } from '#configs/environment.ts';
import { hasCode } from '#errors/cause.ts';
import {
  admitJob as admitUnder,
  admittedJobs,
  findLicence,
  giveBackLicence,
  licences,
  type Admission,
  type Asking,
} from '#platform/jobs/job-licences.ts';
import { findJob, type JobRecord } from '#platform/jobs/job-records.ts';
import { forgetWaiting } from '#platform/jobs/waiting-jobs.ts';
import { openTable, type TableHandle } from '#platform/table/table.ts';
import { startFaultProxy } from '#test/support/fault-proxy.ts';
import { freshTable } from '#test/support/stores.ts';

interface Limits {
  readonly in_all: number;
  readonly of_team: number;
}

const LIMITS: Limits = { in_all: 1_000, of_team: 1_000 };
const WAIT_MS = 10_000;

function job(number: number, team = 'risk'): JobRecord {
  const key = `job-${team}-${String(number).padStart(3, '0')}`;
  return {
    workflow_id: `train/${team}/${number}`,
    first_run_id: 'first',
    team,
    handle: { backend: 'process', key, host: 'here' },
    title: key,
    submitted_at: '2026-01-01T00:00:00.000Z',
  };
}

/** By default a job begins to wait in the order of the numbers in the keys, and time stands still. */
const admitJob = (
  table: TableHandle,
  record: JobRecord,
  { in_all, of_team }: Limits,
  asking: Partial<Asking> = {},
): Promise<Admission> =>
  admitUnder(table, record, {
    priority: 3,
    since: 0,
    now: 0,
    limits: () => Promise.resolve({ in_all, of_team: () => of_team }),
    isMachineFull: () => Promise.resolve(false),
    waitMs: () => WAIT_MS,
    ...asking,
  });

const full = (admission: Admission) => ('full' in admission ? admission.full : 'admitted');
const isIn = (admission: Admission): boolean => 'record' in admission;
const jobs = (count: number, team?: string) => Array.from({ length: count }, (_, at) => job(at, team));

/** The count is that of the licences, in all and of each team. */
async function countIsThatOfLicences(table: TableHandle): Promise<number> {
  const { items } = await licences(table, { limit: 200 });
  const of_team: Record<string, number> = {};
  for (const { team } of items) of_team[team] = (of_team[team] ?? 0) + 1;
  const counted = await admittedJobs(table);
  const counts = Object.entries(counted.of_team).filter(([, count]) => count !== 0);
  assert.deepEqual({ ...counted, of_team: Object.fromEntries(counts) }, { in_all: items.length, of_team });
  return items.length;
}

test('admits no more than the limits, of fifty jobs that ask at once', async () => {
  await using table = await freshTable();
  const asked = await Promise.all(jobs(50).map((one) => admitJob(table, one, { in_all: 40, of_team: 7 })));
  assert.equal(asked.filter(isIn).length, 7);
  assert.deepEqual([...new Set(asked.map(full))].toSorted(), ['admitted', 'of_team']);
  assert.equal(await countIsThatOfLicences(table), 7);
  const limits = { in_all: 20, of_team: (team: string) => (team === 'risk' ? 7 : 40) };
  const others = jobs(50, 'core').map((one) =>
    admitJob(table, one, LIMITS, { limits: () => Promise.resolve(limits) }),
  );
  const answers = await Promise.all(others);
  assert.equal(answers.filter(isIn).length, 13);
  assert.ok(!answers.map(full).includes('of_team'));
  assert.equal(await countIsThatOfLicences(table), 20);
});

test('admits a job once, however often it asks, and never again after it has ended', async () => {
  await using table = await freshTable();
  const asked = await Promise.all(Array.from({ length: 20 }, () => admitJob(table, job(1), LIMITS)));
  assert.ok(asked.every(isIn));
  assert.equal(await countIsThatOfLicences(table), 1);
  await Promise.all(Array.from({ length: 20 }, () => giveBackLicence(table, job(1).handle.key)));
  assert.equal(await countIsThatOfLicences(table), 0);
  assert.deepEqual(await admitJob(table, job(1), LIMITS), { record: job(1) });
  assert.equal(await findLicence(table, job(1).handle.key), undefined);
  assert.equal(await countIsThatOfLicences(table), 0);
});

test('lets the next job in when one has ended', async () => {
  await using table = await freshTable();
  const one = { in_all: 1, of_team: 1 };
  assert.ok(isIn(await admitJob(table, job(1), one)));
  assert.equal(full(await admitJob(table, job(2), one)), 'of_team');
  assert.equal(await findJob(table, { workflow_id: job(2).workflow_id, key: job(2).handle.key }), undefined);
  await giveBackLicence(table, job(1).handle.key);
  assert.ok(isIn(await admitJob(table, job(2), one)));
});

test('gives the next place to the one job of another team, whoever of a burst of 200 asks first', async () => {
  await using table = await freshTable();
  const limits = { in_all: 4, of_team: 1_000 };
  const burst = jobs(200);
  for (const [at, one] of burst.entries()) await admitJob(table, one, limits, { since: at });
  const single = job(1, 'core');
  assert.equal(full(await admitJob(table, single, limits, { since: 1_000 })), 'in_all');
  await giveBackLicence(table, job(0).handle.key);
  for (const [at, one] of [...burst.entries()].slice(4, 24))
    assert.equal(full(await admitJob(table, one, limits, { since: at })), 'places_for_others');
  assert.ok(isIn(await admitJob(table, single, limits, { since: 1_000 })));
  await giveBackLicence(table, job(1).handle.key);
  assert.ok(!isIn(await admitJob(table, job(5), limits, { since: 5 })));
  assert.ok(isIn(await admitJob(table, job(4), limits, { since: 4 })));
});

test('keeps the order while the machine that asks is full, and for an attempt that was scheduled long ago', async () => {
  await using table = await freshTable();
  const one = { in_all: 1, of_team: 1 };
  const isMachineFull = () => Promise.resolve(true);
  assert.equal(full(await admitJob(table, job(1), one, { isMachineFull })), 'machine');
  const second = { since: 1, now: 5_000 };
  assert.equal(full(await admitJob(table, job(2), one, second)), 'places_for_others');
  // Asked when the second did, and scheduled before; then the second asks again.
  await admitJob(table, job(1), one, { now: 0, isMachineFull });
  assert.equal(full(await admitJob(table, job(2), one, { since: 1, now: 40_000 })), 'places_for_others');
  assert.ok(isIn(await admitJob(table, job(1), one, { now: 1 })));
});

test('passes over a job that no longer asks, and forgets it later', async () => {
  await using table = await freshTable();
  const one = { in_all: 1, of_team: 1 };
  await admitJob(table, job(1), one);
  await admitJob(table, job(2), one, { since: 1, now: 1 });
  await giveBackLicence(table, job(1).handle.key);
  const later = WAIT_MS + 60_000;
  assert.ok(!isIn(await admitJob(table, job(3), one, { since: 2, now: 2 })));
  assert.ok(isIn(await admitJob(table, job(3), one, { since: 2, now: later })));
  assert.equal(await forgetWaiting(table, later), 0);
  assert.equal(await forgetWaiting(table, later + 3_600_000), 1);
});

test('keeps to a lower limit once enough jobs have ended', async () => {
  await using table = await freshTable();
  await Promise.all(jobs(5).map((one) => admitJob(table, one, LIMITS)));
  const lower = { in_all: 3, of_team: 3 };
  for (const { handle } of jobs(3)) {
    assert.ok(!isIn(await admitJob(table, job(7), lower)));
    await giveBackLicence(table, handle.key);
  }
  assert.ok(isIn(await admitJob(table, job(7), lower)));
  assert.equal(await countIsThatOfLicences(table), 3);
});

test('keeps the count while fifty jobs come and go at once', async () => {
  await using table = await freshTable();
  const limits = { in_all: 6, of_team: 4 };
  let most = 0;
  const comeAndGo = async (one: JobRecord): Promise<void> => {
    while (!isIn(await admitJob(table, one, limits))) await sleep(20 + Math.random() * 80);
    most = Math.max(most, (await licences(table)).items.length);
    await giveBackLicence(table, one.handle.key);
  };
  await Promise.all([...jobs(30), ...jobs(20, 'core')].map(comeAndGo));
  assert.ok(most <= 6, `${most} at once`);
  assert.equal(await countIsThatOfLicences(table), 0);
});

for (const moment of ['before', 'after'] as const) {
  test(`keeps the count when the connection is cut ${moment} a transaction is carried out`, async () => {
    await using real = await freshTable();
    const network = await startFaultProxy(readEnvironment().MILLRACE_TABLE_ENDPOINT ?? '');
    const table = openTable({ ...readEnvironment(), MILLRACE_TABLE_ENDPOINT: network.url }, real.name);
    try {
      const [key, transaction] = [job(1).handle.key, 'TransactWriteItems'];
      const change = async (work: () => Promise<unknown>): Promise<void> => {
        const held = network.hold(moment, ({ operation }) => operation === transaction);
        const done = work();
        await held.reached;
        // The request is carried out or lost, and its sender hears nothing.
        held.open();
        await countIsThatOfLicences(real);
        held.drop();
        await done.catch((error: unknown) => assert.ok(hasCode(error, 'STORE_UNREACHABLE')));
      };
      await change(() => admitJob(table, job(1), LIMITS));
      assert.ok(isIn(await admitJob(real, job(1), LIMITS)));
      assert.equal(await countIsThatOfLicences(real), 1);
      await change(() => giveBackLicence(table, key));
      await giveBackLicence(real, key);
      assert.equal(await countIsThatOfLicences(real), 0);
    } finally {
      table.client.destroy();
      await network[Symbol.asyncDispose]();
    }
  });
}

test('lists licences in pages, and refuses a token of another listing', async () => {
  await using table = await freshTable();
  await Promise.all(jobs(7).map((one) => admitJob(table, one, LIMITS)));
  const keys: string[] = [];
  for (let after: string | undefined; ;) {
    const page = await licences(table, { limit: 3, ...(after === undefined ? {} : { after }) });
    keys.push(...page.items.map(({ handle }) => handle.key));
    after = page.next;
    if (after === undefined) break;
  }
  assert.deepEqual(
    keys,
    jobs(7).map(({ handle }) => handle.key),
  );
  await assert.rejects(licences(table, { after: 'bm9uZQ' }), { code: 'PAGE_TOKEN_INVALID' });
});
