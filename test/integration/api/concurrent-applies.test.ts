import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Principal } from '#access/principal.ts';
import { type ApplyDeps, applyFiles } from '#api/services/apply-files.ts';
import { type ConfigStore, createConfigStore } from '#catalog/config-store.ts';
import { planDigest } from '#catalog/conditions.ts';
import { digestOf } from '#configs/canonical.ts';
import { documentKey, withDocuments, withoutDocuments } from '#configs/config-set.ts';
import { type ConfigFile, loadConfigs, noConfigs } from '#configs/load.ts';
import type { ApplyResult, ConfigRevision } from '#catalog/applied-configs.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { checkFiles } from '#plan/check-files.ts';
import { createRegistry } from '#registry/registry.ts';
import { freshStores } from '#test/support/stores.ts';

/** A document in one of its variants. Sources have the column `extra` or not, and sets read it or not. */
const one = fc.record({
  kind: fc.constantFrom('source', 'source', 'set', 'model'),
  number: fc.integer({ min: 0, max: 2 }),
  reads: fc.integer({ min: 0, max: 2 }),
  extra: fc.boolean(),
  text: fc.integer({ min: 0, max: 3 }),
  /** Whether it is to be removed and not declared. */
  gone: fc.integer({ min: 0, max: 4 }).map((number) => number === 0),
});
type One = typeof one extends fc.Arbitrary<infer T> ? T : never;

/** What people do at the same time: each plans and applies a folder. */
const round = fc.array(fc.array(one, { minLength: 1, maxLength: 2 }), { minLength: 2, maxLength: 5 });

const SOURCE = (number: number, extra: boolean, text: number) => `kind: Source
name: s${number}
owner: shop
description: text ${text}
location: raw/s${number}/
keys: [visitor, day]
event_time: day
known_time: known
columns: { visitor: string, day: date, spent: double, bought: int, ${extra ? 'extra: double, ' : ''}known: date }
`;
const SET = (number: number, reads: number, text: number) => `kind: FeatureSet
name: f${number}
owner: shop
description: text ${text}
entity: visitor
sources: [s${reads}]
partition: { grain: month, start: 2020-01-01, max_staleness: 35d }
sql: f${number}.sql
features: { spent: { type: double, description: Money } }
`;
const MODEL = (number: number, reads: number, text: number) => `kind: Model
name: m${number}
owner: shop
description: text ${text}
risk_tier: low
feature_set: f${reads}
label: { source: s${reads}, column: bought, horizon: 1 month }
estimator: lightgbm.LGBMClassifier
split: { kind: by_entity, test_share: 0.3 }
resources: { cpu: 1, memory: 512Mi }
decision: { cut_off: 0.4 }
deploy: { scheduler: temporal, schedule: '0 5 * * *', timezone: Europe/London }
`;

function change(documents: readonly One[]): Change {
  const named = new Map(documents.map((document) => [`${document.kind}${document.number}`, document]));
  const gone = [...named.values()].filter((document) => document.gone);
  return {
    // A folder may be empty, but not the list of files.
    files: [{ path: 'empty.sql', text: '' }, ...folder([...named].filter(([, document]) => !document.gone))],
    remove: gone.map(({ kind, number }) => KEYS[kind]?.(number) ?? ''),
  };
}

const KEYS: Record<string, (number: number) => string> = {
  source: (number) => `Source/s${number}`,
  set: (number) => `FeatureSet/f${number}`,
  model: (number) => `Model/m${number}`,
};

function folder(named: readonly (readonly [string, One])[]): ConfigFile[] {
  return named.flatMap(([name, { kind, number, reads, extra, text }]) => {
    const path = `${name}.yaml`;
    if (kind === 'source') return [{ path, text: SOURCE(number, extra, text) }];
    if (kind === 'model') return [{ path, text: MODEL(number, reads, text) }];
    const column = extra ? 'extra' : 'spent';
    const sql = `SELECT visitor, SUM(${column}) AS spent FROM {{ sources.s${reads} }} GROUP BY visitor`;
    return [
      { path, text: SET(number, reads, text) },
      { path: `f${number}.sql`, text: sql },
    ];
  });
}

interface Change {
  readonly files: readonly ConfigFile[];
  readonly remove: readonly string[];
}

interface Planned extends Change {
  readonly plan_digest: string;
}

async function plan(deps: ApplyDeps, asked: Change): Promise<Planned | undefined> {
  const base = await deps.configs.current();
  try {
    return { ...asked, plan_digest: planDigest(base, await checkFiles(deps, asked.files, base, asked)) };
  } catch (error) {
    assert.ok(error instanceof MillraceError);
    assert.ok(['CONFIG_INVALID', 'CONFIG_IN_USE', 'CONFIG_NOT_FOUND'].includes(error.code), error.message);
    return undefined;
  }
}

/** The result, or undefined if the apply was refused because of what others applied. */
async function apply(deps: ApplyDeps, name: string, planned: Planned) {
  const principal: Principal = { name, roles: ['scientist'], teams: ['shop'] };
  try {
    return { ...planned, principal: name, result: await applyFiles(deps, principal, planned) };
  } catch (error) {
    assert.ok(error instanceof MillraceError);
    assert.ok(['PLAN_STALE', 'CONFIG_INVALID', 'CONFIG_IN_USE'].includes(error.code), error.message);
    if (error.code === 'PLAN_STALE') assert.match(error.message, /changed (Source|FeatureSet|Model)\//);
    return undefined;
  }
}

async function revisionsOf(store: ConfigStore): Promise<ConfigRevision[]> {
  const found: ConfigRevision[] = [];
  for await (const revision of store.revisionsBetween(0, 1_000)) found.push(revision);
  return found;
}

test('applies of several people at the same time leave what some order of them would, always valid', async () => {
  let refused = 0;
  let made = 0;
  let removals = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(round, { minLength: 2, maxLength: 6 }), async (rounds) => {
      await using stores = await freshStores();
      const { table, objects } = stores;
      const open = (): ApplyDeps => ({
        now: () => new Date(),
        configs: createConfigStore(table, objects),
        registry: createRegistry(table, objects),
      });
      const { configs: store } = open();
      const applied: NonNullable<Awaited<ReturnType<typeof apply>>>[] = [];
      for (const people of rounds) {
        const plans = await Promise.all(people.map(async (documents) => plan(open(), change(documents))));
        const outcomes = await Promise.all(
          plans.map(async (planned, index) =>
            planned === undefined ? undefined : apply(open(), `p${index}`, planned),
          ),
        );
        const done = outcomes.filter((outcome) => outcome !== undefined);
        refused += plans.filter((planned) => planned !== undefined).length - done.length;
        applied.push(...done);
      }
      const revisions = await revisionsOf(store);
      made += revisions.length;
      assert.deepEqual(
        revisions.map(({ revision }) => revision),
        revisions.map((_, index) => index + 1),
      );
      // In the order of the revisions, the applies lead to each state: nothing is lost, and each state is valid.
      let expected = noConfigs;
      for (const { revision, base_digest, principal, changed, removed } of revisions) {
        const mine = applied.find(
          ({ result }) => result.base_digest === base_digest && changesSomething(result),
        );
        assert.ok(mine !== undefined, `revision ${revision} belongs to an apply`);
        assert.equal(mine.principal, principal);
        const { declared } = loadConfigs(mine.files, { existing: expected });
        const before = expected;
        assert.deepEqual(removed, mine.remove.toSorted());
        expected = withDocuments(withoutDocuments(expected, removed), declared);
        assert.deepEqual((await store.at(base_digest)).configs, expected);
        assert.deepEqual(loadConfigs([], { existing: expected }).problems, []);
        const moved = declared.filter((document) => digestOf(document) !== digestOf(find(before, document)));
        assert.deepEqual(changed, [...moved.map(documentKey), ...removed].toSorted());
        removals += removed.length;
      }
      assert.equal(applied.filter(({ result }) => changesSomething(result)).length, revisions.length);
    }),
    { numRuns: 15 },
  );
  assert.ok(
    made > 0 && refused > 0 && removals > 0,
    `${made} revisions, ${refused} refused, ${removals} removed`,
  );
});

function changesSomething({ created, changed, removed }: ApplyResult) {
  return created.length + changed.length + removed.length > 0;
}

function find(configs: typeof noConfigs, { kind, name }: { kind: string; name: string }): unknown {
  const documents = { Source: configs.sources, FeatureSet: configs.featureSets, Model: configs.models };
  return new Map<string, unknown>(documents[kind as keyof typeof documents]).get(name) ?? null;
}
