import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ownersConcerned } from '#catalog/owners-concerned.ts';
import { type ConfigSet, documentKey, type DocumentKey, withDocuments } from '#configs/config-set.ts';
import { loadConfigs, noConfigs } from '#configs/load.ts';
import { folder } from '../configs/valid-configs.ts';

const TEAMS = ['core', 'risk', 'fraud'] as const;
const KEYS = ['Source/accounts', 'Source/payments', 'FeatureSet/behaviour', 'Model/miss_risk'] as const;
const { documents: BASE } = loadConfigs(folder());

interface Edit {
  readonly owner?: string;
  readonly description?: string;
  readonly sensitive?: readonly string[];
}

type Edits = Partial<Record<(typeof KEYS)[number], Edit>>;

/** Each named document with the keys given in place of its own. */
function edited(configs: ConfigSet, edits: Edits): ConfigSet {
  const { sources, featureSets, models } = configs;
  const all = [...sources.values(), ...featureSets.values(), ...models.values()];
  const changed = all.map((document) => {
    const { sensitive, ...edit } = (edits as Record<string, Edit>)[documentKey(document)] ?? {};
    const own = document.kind === 'Source' && sensitive !== undefined ? { sensitive: [...sensitive] } : {};
    return { ...document, ...edit, ...own };
  });
  return withDocuments(configs, changed);
}

const teamsOf = (before: ConfigSet, after: ConfigSet) =>
  [...new Set(ownersConcerned(before, after).map(({ team }) => team))].sort();

test('names the teams that a change needs', () => {
  // accounts and payments belong to core; the set and the model, which read both, to risk.
  const cases: readonly (readonly [string, Edits, readonly string[]])[] = [
    ['nothing changes', {}, []],
    ['a source of core', { 'Source/accounts': { description: 'new' } }, ['core']],
    ['a model of risk', { 'Model/miss_risk': { description: 'new' } }, ['risk']],
    ['a model moves', { 'Model/miss_risk': { owner: 'fraud' } }, ['fraud', 'risk']],
    ['a source moves', { 'Source/payments': { owner: 'fraud' } }, ['core', 'fraud']],
    ['a column becomes sensitive', { 'Source/accounts': { sensitive: ['sex', 'region'] } }, ['core', 'risk']],
    ['a column is no longer sensitive', { 'Source/accounts': { sensitive: [] } }, ['core', 'risk']],
    ['the same columns in another order', { 'Source/accounts': { sensitive: ['sex'] } }, []],
    [
      'two documents of two teams',
      { 'Source/accounts': { description: 'new' }, 'Model/miss_risk': { description: 'new' } },
      ['core', 'risk'],
    ],
  ];
  for (const [what, edits, teams] of cases) assert.deepEqual(teamsOf(BASE, edited(BASE, edits)), teams, what);
  assert.deepEqual(teamsOf(noConfigs, BASE), ['core', 'risk'], 'everything is new');
  assert.deepEqual(teamsOf(BASE, noConfigs), ['core', 'risk'], 'everything is gone');
});

test('a change of sensitive columns concerns those that read the source through other sets, a label or fairness', () => {
  const files = folder();
  const through = loadConfigs([
    ...files,
    {
      path: 'far.yaml',
      text: `kind: FeatureSet
name: far
owner: fraud
entity: account_id
feature_sets: [behaviour]
partition: { grain: month, start: 2024-01-01, end: 2024-06-01, max_staleness: 35d }
sql: far.sql
features: { paid: { type: double, description: Paid } }
`,
    },
    { path: 'far.sql', text: 'SELECT account_id, paid FROM {{ features.behaviour }}' },
  ]);
  assert.deepEqual(through.problems, []);
  const { documents } = through;
  const after = edited(documents, { 'Source/accounts': { sensitive: [] } });
  assert.deepEqual(
    ownersConcerned(documents, after).map(({ team, document }) => [team, document]),
    [
      ['core', 'Source/accounts'],
      ['risk', 'FeatureSet/behaviour'],
      ['fraud', 'FeatureSet/far'],
      ['risk', 'Model/miss_risk'],
    ],
  );
});

test('however documents are owned, moved and edited, exactly the owners before and after have a say', () => {
  const team = fc.constantFrom(...TEAMS);
  const start = fc.record({
    'Source/accounts': team,
    'Source/payments': team,
    'FeatureSet/behaviour': team,
    'Model/miss_risk': team,
  });
  const edit = fc.record(
    { owner: team, description: fc.constant('new'), sensitive: fc.subarray(['sex', 'region']) },
    { requiredKeys: [] },
  );
  const edits = fc.record(
    Object.fromEntries(KEYS.map((key) => [key, edit])) as Record<(typeof KEYS)[number], typeof edit>,
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(start, edits, (owners, changes) => {
      const owned = edited(BASE, Object.fromEntries(KEYS.map((key) => [key, { owner: owners[key] }])));
      const needed = KEYS.flatMap((key) => teamsByHand(key, owners, changes));
      assert.deepEqual(teamsOf(owned, edited(owned, changes)), [...new Set(needed)].sort());
    }),
  );
});

/** Both sources are read by the set and, for label and fairness, by the model. */
function teamsByHand(
  key: (typeof KEYS)[number],
  owners: Readonly<Record<(typeof KEYS)[number], string>>,
  edits: Edits,
): string[] {
  const edit = edits[key];
  if (edit === undefined) return [];
  const was: readonly string[] = key === 'Source/accounts' ? ['sex'] : [];
  const isSource = key.startsWith('Source/');
  const sensitive =
    isSource && edit.sensitive !== undefined && edit.sensitive.toSorted().join() !== was.join();
  const moved = edit.owner !== undefined && edit.owner !== owners[key];
  if (!sensitive && !moved && edit.description === undefined) return [];
  const readers: DocumentKey[] = ['FeatureSet/behaviour', 'Model/miss_risk'];
  const ownersOf = (reader: DocumentKey) => {
    const known = reader as (typeof KEYS)[number];
    return [owners[known], edits[known]?.owner ?? owners[known]];
  };
  return [owners[key], edit.owner ?? owners[key], ...(sensitive ? readers.flatMap(ownersOf) : [])];
}
