import type { Entry } from '#features/sql/table/entry.ts';
import { FUNCTIONS } from '#features/sql/table/table.ts';
import { seeded } from '../../data/seeded.ts';
import { TABLES } from '../../data/tables.ts';
import { isAccepted } from '../../translate.ts';
import type { ParityCase } from '../parity-case.ts';
import { placesOf, PLAIN, type Place } from '../table/expressions.ts';
import { batchCase } from '../table/table-cases.ts';
import { composed, type Random } from './expressions.ts';
import { randomQuery } from './queries.ts';

/** Expressions in one query. */
const TOGETHER = 8;
const VALUES = 1_400;
const AGGREGATES = 300;
const QUERIES = 300;
/** One of so many cases is in the core. */
const CORE = 4;

/** 2,000 random compositions of what the language has, the same on every run: of values, of aggregates, and queries. */
export function randomCases(): readonly ParityCase[] {
  return [...valueCases(), ...aggregateCases(), ...queryCases()].map((made, index) => ({
    ...made,
    core: index % CORE === 0,
  }));
}

function valueCases(): readonly ParityCase[] {
  const random = randomOf(1);
  const [table] = TABLES.filter(({ name }) => name === 'everything');
  if (table === undefined) return [];
  const expressions = distinct(VALUES, () => composed(random, table, 1 + Math.floor(random.next() * 4)).sql);
  return chunks(expressions, TOGETHER).map((some, index) =>
    batchCase(`random values ${String(index + 1)}`, some, PLAIN),
  );
}

function aggregateCases(): readonly ParityCase[] {
  const random = randomOf(2);
  const [table] = TABLES.filter(({ name }) => name === 'everything');
  const aggregates = FUNCTIONS.filter(({ kind, within }) => kind === 'aggregate' && within !== true);
  if (table === undefined || aggregates.length === 0) return [];
  const made = distinct(AGGREGATES, () => {
    const entry = random.of(aggregates);
    const place = placesOf(entry)[0] ?? PLAIN;
    const call = place.around(aggregateCall(random, entry, () => composed(random, table, 2).sql));
    const { sql } = batchCase('', [call], place);
    return isAccepted(sql, TABLES) ? call : undefined;
  });
  return chunks(made, TOGETHER).map((some, index) =>
    batchCase(`random aggregates ${String(index + 1)}`, some, GROUPED),
  );
}

const GROUPED: Place = {
  suffix: '',
  core: true,
  keys: ['g'],
  groupBy: ' GROUP BY g',
  around: (call) => call,
};

function aggregateCall(random: Random, { name, signatures }: Entry, value: () => string): string {
  const { params } = random.of(signatures);
  const args = params.map(({ constant, samples = [] }) =>
    constant === true && samples.length > 0 ? random.of(samples) : value(),
  );
  return `${name}(${args.join(', ')})`;
}

/** Functions that stop at some values. A query is compared only as a whole, so one such row would stop it. */
const STOPPING = /\b(?:sin|cos|tan|cot|sec|csc|slice|sequence|element_at)\(/;

function queryCases(): readonly ParityCase[] {
  const random = randomOf(3);
  const texts = distinct(QUERIES, () => {
    const sql = randomQuery(random);
    return !STOPPING.test(sql) && isAccepted(sql, TABLES) ? sql : undefined;
  });
  return texts.map((sql, index) => ({ name: `random query ${String(index + 1)}`, sql }));
}

function randomOf(seed: number): Random {
  const next = seeded(seed);
  return {
    next,
    of: <T>(values: readonly T[]): T => {
      const value = values[Math.floor(next() * values.length)];
      if (value === undefined) throw new RangeError('There is nothing to choose from.');
      return value;
    },
  };
}

/** Until there are so many different ones; fewer if most attempts give none. */
function distinct(count: number, make: () => string | undefined): readonly string[] {
  const made = new Set<string>();
  for (let tries = 0; made.size < count && tries < count * 20; tries += 1) {
    const one = make();
    if (one !== undefined) made.add(one);
  }
  return [...made];
}

function chunks<T>(values: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );
}
