import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { type SourceConfig, sourceSchema } from '#configs/source.ts';
import { sourceColumns } from '#configs/source-columns.ts';
import { knownRows } from '#features/query/point-in-time.ts';
import { answerTo, sourceTable } from '#test/support/engine-builds.ts';
import { type FeatureLake, withFeatureLake } from '#test/support/feature-lake.ts';
import { daysLater, type HistoryRow, knownFacts, wasKnown } from '#test/support/naive-history.ts';

/** Days on which clocks change, also at midnight (Cairo, Havana), and one on which none does. */
const DAYS = ['2024-03-10', '2024-03-31', '2024-04-26', '2024-06-15', '2024-10-27', '2024-11-03'];
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Taipei', 'Africa/Cairo', 'America/Havana'];
const HALF_HOUR_MS = 1_800_000;

const times = fc.record({
  happened: fc.constantFrom('date', 'timestamp', undefined),
  loaded: fc.constantFrom('date', 'timestamp'),
  sequence: fc.boolean(),
  deleted: fc.boolean(),
  lag: fc.constantFrom(undefined, '1d', '2d', '6h', '30h'),
  cut_off: fc.constantFrom(undefined, '00:00', '05:00', '22:00'),
});
type Times = typeof times extends fc.Arbitrary<infer T> ? T : never;

/** Few times and amounts, and several rows per id, so that rows correct, move, delete and tie with each other. */
const row = fc.record({
  id: fc.integer({ min: 1, max: 40 }),
  amount: fc.option(fc.integer({ min: 1, max: 3 })),
  happened: fc.option(fc.integer({ min: -4, max: 2 }), { freq: 9 }),
  happenedAt: fc.integer({ min: 0, max: 47 }),
  loaded: fc.option(fc.integer({ min: -4, max: 2 }), { freq: 9 }),
  loadedAt: fc.integer({ min: 0, max: 47 }),
  seq: fc.option(fc.integer({ min: 1, max: 2 })),
  gone: fc.option(fc.boolean(), { freq: 3 }),
});
type Drawn = typeof row extends fc.Arbitrary<infer T> ? T : never;

const history = fc.record({
  times,
  rows: fc.array(row, { minLength: 1, maxLength: 200, size: 'max' }),
  day: fc.constantFrom(...DAYS),
  later: fc.integer({ min: -1, max: 1 }),
  zone: fc.constantFrom(...ZONES),
});

test('a date sees what a row-by-row reading of the rule lets it see', async () => {
  await withFeatureLake(async (lake) => {
    let build = 0;
    await fc.assert(
      fc.asyncProperty(history, async ({ times: drawn, rows: drawnRows, day, later, zone }) => {
        const source = sourceOf(drawn);
        const rows = drawnRows.map((one) => rowOf(drawn, one, day));
        const at = { date: daysLater(day, later), zone };
        build += 1;
        const found = await factsOf(lake, source, { rows, at }, `run-${build}`);
        assert.deepEqual(found, knownFacts(source, rows, at));
      }),
      { numRuns: 30 },
    );
  });
});

test('a backfill sees what the run of the morning saw, whatever arrived since', async () => {
  await withFeatureLake(async (lake) => {
    let build = 0;
    await fc.assert(
      fc.asyncProperty(history, async ({ times: drawn, rows: drawnRows, day, zone }) => {
        const source = sourceOf(drawn);
        const all = drawnRows.map((one) => rowOf(drawn, one, day));
        const at = { date: day, zone };
        const inTheMorning = all.filter(({ loaded }) => wasKnown(source, loaded, at));
        fc.pre(inTheMorning.length > 0 && inTheMorning.length < all.length);
        build += 1;
        const [morning, backfill] = [
          await factsOf(lake, source, { rows: inTheMorning, at }, `morning-${build}`),
          await factsOf(lake, source, { rows: all, at }, `backfill-${build}`),
        ];
        assert.deepEqual(backfill, morning);
      }),
      { numRuns: 10 },
    );
  });
});

function sourceOf({ happened, loaded, sequence, deleted, lag, cut_off }: Times): SourceConfig {
  const availability = { ...(lag !== undefined && { lag }), ...(cut_off !== undefined && { cut_off }) };
  return sourceSchema.parse({
    kind: 'Source',
    name: 'history',
    owner: 'core',
    location: 'raw/history/',
    keys: ['id'],
    ...(happened !== undefined && { event_time: 'happened' }),
    known_time: 'loaded',
    ...(Object.keys(availability).length > 0 && { availability }),
    ...(sequence && { sequence: 'seq' }),
    ...(deleted && { deleted: 'gone' }),
    columns: {
      id: 'bigint',
      amount: 'double',
      happened: happened ?? 'date',
      loaded,
      seq: 'int',
      gone: 'boolean',
    },
  });
}

function rowOf({ happened, loaded }: Times, drawn: Drawn, day: string): HistoryRow {
  const time = (type: string | undefined, days: number | null, halfHours: number): string | number | null => {
    if (days === null) return null;
    const date = daysLater(day, days);
    return type === 'timestamp' ? Date.parse(`${date}T00:00:00Z`) + halfHours * HALF_HOUR_MS : date;
  };
  const { id, amount, seq, gone } = drawn;
  return {
    id,
    amount,
    happened: time(happened, drawn.happened, drawn.happenedAt),
    loaded: time(loaded, drawn.loaded, drawn.loadedAt),
    seq,
    gone,
  };
}

async function factsOf(
  lake: FeatureLake,
  source: SourceConfig,
  { rows, at }: { readonly rows: readonly HistoryRow[]; readonly at: { date: string; zone: string } },
  file: string,
): Promise<unknown[]> {
  const values = rows.map(
    ({ id, amount, happened, loaded, seq, gone }) =>
      `(${id}, ${amount}, ${literal(happened)}, ${literal(loaded)}, ${seq}, ${gone})`,
  );
  const types = {
    date: 'DATE',
    timestamp: 'TIMESTAMP',
    bigint: 'BIGINT',
    double: 'DOUBLE',
    int: 'INTEGER',
    boolean: 'BOOLEAN',
  };
  const casts = Object.entries(source.columns).map(
    ([name, type]) => `CAST(${name} AS ${types[type as keyof typeof types]}) AS ${name}`,
  );
  const uri = await lake.put(
    `raw/history/${file}.parquet`,
    `SELECT ${casts.join(', ')} FROM (VALUES ${values.join(', ')}) AS t(id, amount, happened, loaded, seq, gone)`,
  );
  const columns = sourceColumns(source).map(({ name, type }) => ({ name, type }));
  const relation = {
    ...sourceTable('history', columns, [uri]),
    rows: knownRows(source, { at, happened: 'before' }, ['id', 'amount']),
  };
  const sql = 'SELECT 0 AS id, CAST(NULL AS DOUBLE) AS amount UNION ALL SELECT id, amount FROM history';
  const answer = await answerTo(lake, {
    sql,
    relations: [relation],
    columns: [
      { name: 'id', type: 'bigint' },
      { name: 'amount', type: 'double' },
    ],
  });
  // A build without rows is refused, so one row is always there.
  return answer.slice(1);
}

function literal(time: string | number | null): string {
  if (time === null) return 'NULL';
  if (typeof time === 'string') return `'${time}'`;
  return `'${new Date(time).toISOString().slice(0, 19).replace('T', ' ')}'`;
}
