import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { ConfigDocument } from '#configs/config-set.ts';
import { documentKey, withDocuments } from '#configs/config-set.ts';
import { digestOf } from '#configs/canonical.ts';
import { loadConfigs, noConfigs } from '#configs/load.ts';
import { pairKey } from '#configs/pair.ts';
import type { AppliedConfigs } from '#catalog/applied-configs.ts';
import { changedPaths } from '#plan/changed-paths.ts';
import { planConfigs, type PlanFacts, planScope } from '#plan/plan.ts';
import { FEATURES, folder, MODEL, SOURCES } from '../configs/valid-configs.ts';

const TODAY = '2024-03-15';
const PAIR = { model: 'miss_risk', feature_set: 'behaviour' };

function loaded(texts: Parameters<typeof folder>[0] = {}, existing = noConfigs): readonly ConfigDocument[] {
  const { declared, problems } = loadConfigs(folder(texts), { existing });
  assert.deepEqual(problems, []);
  return declared;
}

function applied(documents: readonly ConfigDocument[]): AppliedConfigs {
  return {
    base_digest: digestOf(documents.map(documentKey)),
    revision: documents.length === 0 ? 0 : 1,
    configs: withDocuments(noConfigs, documents),
    authors: new Map(documents.map((document) => [documentKey(document), 'ada'])),
    digests: new Map(documents.map((document) => [documentKey(document), digestOf(document)])),
  };
}

function plan(
  before: readonly ConfigDocument[],
  after: readonly ConfigDocument[],
  live = true,
  today = TODAY,
  committed: readonly string[] = [],
  past: Partial<Pick<PlanFacts, 'builds' | 'trainings'>> = {},
) {
  return planConfigs(
    planScope(applied(before), { documents: after, remove: [] }, new Date(`${today}T12:00:00Z`)),
    {
      live: new Map(live ? [[pairKey(PAIR), 4]] : []),
      committed: new Map([['behaviour', new Set(committed)]]),
      builds: new Map(),
      trainings: new Map(),
      ...past,
    },
  );
}

test('a first plan creates all, builds the dates up to today, trains the model and touches nothing live', () => {
  const found = plan([], loaded());
  assert.deepEqual(found.documents.created, [
    'FeatureSet/behaviour',
    'Model/miss_risk',
    'Source/accounts',
    'Source/payments',
  ]);
  assert.deepEqual(
    found.partitions.map(({ count, first, last, because }) => ({ count, first, last, because })),
    [{ count: 3, first: '2024-01-01', last: '2024-03-01', because: 'new' }],
  );
  assert.deepEqual(found.models, [{ ...PAIR, because: 'new' }]);
  assert.deepEqual(found.live_pairs, []);
});

test('a plan names the teams it needs, and estimates bytes and seconds from past runs', () => {
  const first = plan([], loaded());
  assert.deepEqual(first.owners.map(({ document }) => document).toSorted(), [
    'FeatureSet/behaviour',
    'Model/miss_risk',
    'Source/accounts',
    'Source/payments',
  ]);
  assert.deepEqual(first.partitions[0]?.bytes, null);
  assert.deepEqual(first.estimate, {
    seconds: 0,
    past_runs: 0,
    unknown: ['partitions of behaviour', 'training of miss_risk/behaviour'],
  });
  const builds = new Map([['behaviour', { bytes: 1_000.4, seconds: 2.5, runs: 4 }]]);
  const trainings = new Map([[pairKey(PAIR), { bytes: null, seconds: 60, runs: 2 }]]);
  const known = plan([], loaded(), true, TODAY, [], { builds, trainings });
  assert.equal(known.partitions[0]?.bytes, 3_001);
  assert.deepEqual(known.estimate, { seconds: 67.5, past_runs: 6, unknown: [] });
  const half = plan([], loaded(), true, TODAY, [], { builds });
  assert.deepEqual(half.estimate.unknown, ['training of miss_risk/behaviour']);
  assert.equal(half.estimate.seconds, 7.5);
});

test('a plan of what is applied is empty', () => {
  const { documents, partitions, models, live_pairs } = plan(loaded(), loaded());
  assert.deepEqual(documents.created, []);
  assert.deepEqual(documents.changed, []);
  assert.equal(documents.unchanged.length, 4);
  assert.deepEqual({ partitions, models, live_pairs }, { partitions: [], models: [], live_pairs: [] });
});

const STANDING = ['2024-01-01', '2024-02-01', '2024-03-01'];

test('other parameters: the model is retrained, nothing is rebuilt', () => {
  const model = MODEL.replace('n_estimators: 10', 'n_estimators: 20');
  const found = plan(loaded(), loaded({ model }), true, TODAY, STANDING);
  assert.deepEqual(found.documents.changed, [{ key: 'Model/miss_risk', paths: ['params.n_estimators'] }]);
  assert.deepEqual(found.partitions, []);
  assert.deepEqual(found.models, [{ ...PAIR, because: 'training inputs changed' }]);
  assert.deepEqual(found.live_pairs, [{ ...PAIR, version: 4, because: ['its model changes in params'] }]);
});

test('partitions that a model to retrain would read count among those to build until they are committed', () => {
  const model = MODEL.replace('n_estimators: 10', 'n_estimators: 20');
  const with_ = (committed: readonly string[]) =>
    plan(loaded(), loaded({ model }), true, TODAY, committed).partitions.map(
      ({ feature_set, count, first, last, because }) => [feature_set, count, first, last, because],
    );
  // Labels of March are not complete in March.
  assert.deepEqual(with_([]), [['behaviour', 2, '2024-01-01', '2024-02-01', 'needed by miss_risk']]);
  assert.deepEqual(with_(['2024-01-01']), [
    ['behaviour', 1, '2024-02-01', '2024-02-01', 'needed by miss_risk'],
  ]);
  assert.deepEqual(with_(STANDING), []);
});

test('a model on a set that reads another needs the partitions of both', () => {
  const reader = FEATURES.replace('name: behaviour', 'name: conduct').replace(
    'sources: [accounts, payments]',
    'sources: [accounts, payments]\nfeature_sets: [behaviour]',
  );
  const before = loaded({ features: `${FEATURES}---\n${reader}` });
  const model = MODEL.replace('name: miss_risk', 'name: other_risk').replace(
    'feature_set: behaviour',
    'feature_set: conduct',
  );
  const after = loaded({ features: `${FEATURES}---\n${reader}`, model });
  assert.deepEqual(
    plan(before, after, true, TODAY, ['2024-02-01']).partitions.map((one) => [
      one.feature_set,
      one.count,
      one.because,
    ]),
    [
      ['behaviour', 1, 'needed by other_risk'],
      ['conduct', 2, 'needed by other_risk'],
    ],
  );
});

test('a model on a set by day needs the partitions of the months that its dates read', () => {
  const reader = FEATURES.replace('name: behaviour', 'name: conduct')
    .replace(
      'grain: month, start: 2024-01-01, end: 2024-06-01',
      'grain: day, start: 2024-01-30, end: 2024-02-02',
    )
    .replace('sources: [accounts, payments]', 'sources: [accounts, payments]\nfeature_sets: [behaviour]');
  const before = loaded({ features: `${FEATURES}---\n${reader}` });
  const model = MODEL.replace('name: miss_risk', 'name: other_risk')
    .replace('feature_set: behaviour', 'feature_set: conduct')
    .replace('horizon: 1 month, window: 3', 'horizon: 1 day, window: 3');
  const after = loaded({ features: `${FEATURES}---\n${reader}`, model });
  assert.deepEqual(
    plan(before, after).partitions.map((one) => [one.feature_set, one.count, one.first, one.last]),
    [
      ['behaviour', 2, '2024-01-01', '2024-02-01'],
      ['conduct', 3, '2024-01-31', '2024-02-02'],
    ],
  );
});

test('what is committed under the new definition already is not counted', () => {
  const before = loaded({ sources: SOURCES.replace('account_id: bigint', 'account_id: int') });
  // Back to a definition that was applied, and built, before.
  const [found] = plan(before, loaded(), true, TODAY, ['2024-01-01', '2024-02-01']).partitions;
  assert.deepEqual(
    [found?.count, found?.first, found?.last, found?.because],
    [1, '2024-03-01', '2024-03-01', 'definition changed'],
  );
  assert.deepEqual(plan([], loaded(), true, TODAY, STANDING).partitions, []);
});

test('another schedule or card touches the live pair and retrains nothing', () => {
  const model = MODEL.replace("'0 5 * * *'", "'0 6 * * *'").replace('cpu: 1', 'cpu: 2');
  const found = plan(loaded(), loaded({ model }));
  assert.deepEqual(found.models, []);
  assert.deepEqual(found.live_pairs[0]?.because, ['its model changes in deploy, resources']);
});

test('a column of a source that no query reads: nothing is rebuilt or retrained', () => {
  const found = plan(
    loaded(),
    loaded({ sources: SOURCES.replace('region: string', 'region: string, age: int') }),
  );
  assert.deepEqual(found.documents.changed, [{ key: 'Source/accounts', paths: ['columns.age'] }]);
  assert.deepEqual([found.partitions, found.models], [[], []]);
});

test('another type of a column that is read: all partitions are rebuilt and the model is retrained', () => {
  const found = plan(loaded(), loaded({ sources: SOURCES.replace('account_id: bigint', 'account_id: int') }));
  assert.deepEqual(found.documents.changed, [{ key: 'Source/accounts', paths: ['columns.account_id'] }]);
  assert.equal(found.partitions[0]?.because, 'definition changed');
  assert.equal(found.partitions[0]?.count, 3);
  assert.deepEqual(found.models, [{ ...PAIR, because: 'features changed' }]);
  assert.deepEqual(found.live_pairs[0]?.because, ['its features are defined differently']);
});

test('a later end adds only the dates that are missing', () => {
  const features = FEATURES.replace('end: 2024-06-01', 'end: 2024-09-01');
  const [found] = plan(loaded(), loaded({ features }), true, '2024-12-31').partitions;
  assert.deepEqual(
    { count: found?.count, first: found?.first, last: found?.last, because: found?.because },
    { count: 3, first: '2024-07-01', last: '2024-09-01', because: 'dates changed' },
  );
});

test('an owner or a description alone rebuilds and retrains nothing', () => {
  const found = plan(loaded(), loaded({ features: FEATURES.replace('owner: risk', 'owner: other') }));
  assert.equal(found.documents.changed.length, 1);
  assert.deepEqual([found.partitions, found.models], [[], []]);
});

test('a model that moves to another feature set: the old pair is touched, the new one is trained', () => {
  const features = `${FEATURES}---\n${FEATURES.replace('name: behaviour', 'name: conduct')}`;
  const model = MODEL.replace('feature_set: behaviour', 'feature_set: conduct');
  const found = plan(loaded(), loaded({ features, model }));
  assert.deepEqual(found.models, [
    { model: 'miss_risk', feature_set: 'conduct', because: 'features changed' },
  ]);
  assert.deepEqual(found.live_pairs, [
    {
      ...PAIR,
      version: 4,
      because: ['the model moves to feature set conduct', 'its model changes in feature_set'],
    },
  ]);
});

test('a plan does not depend on the order of documents, and leaving documents out changes nothing', () => {
  const before = loaded();
  const after = loaded({
    sources: SOURCES.replace('region: string', 'region: string, age: int'),
    model: MODEL.replace('n_estimators: 10', 'n_estimators: 11'),
  });
  const expected = plan(before, after);
  fc.assert(
    fc.property(fc.shuffledSubarray([...after], { minLength: after.length }), (order) => {
      assert.deepEqual(plan(before, order), expected);
    }),
  );
  fc.assert(
    fc.property(fc.shuffledSubarray([...before]), (part) => {
      const found = plan(before, part);
      assert.deepEqual([found.documents.changed, found.partitions, found.models], [[], [], []]);
      assert.deepEqual(
        planScope(applied(before), { documents: part, remove: [] }, new Date(`${TODAY}T12:00:00Z`)).pairs,
        [],
      );
    }),
  );
});

test('the changed paths of two values are empty exactly when they are equal', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), (a, b) => {
      assert.deepEqual(changedPaths(a, structuredClone(a)), []);
      assert.equal(changedPaths(a, b).length === 0, digestOf(a) === digestOf(b));
    }),
  );
  assert.deepEqual(changedPaths({ a: [1, { b: 2 }], c: 1 }, { a: [1, { b: 3 }], d: 1 }), [
    'a[1].b',
    'c',
    'd',
  ]);
});

test('retrains when a monotonic direction or the source of label or fairness is defined differently', () => {
  const sources = `${SOURCES}---
kind: Source
name: outcomes
owner: core
location: raw/outcomes/
keys: [account_id, day]
event_time: day
known_time: loaded_at
columns: { account_id: bigint, day: date, missed: int, loaded_at: date }
---
kind: Source
name: people
owner: core
location: raw/people/
keys: [account_id]
known_time: loaded_at
columns: { account_id: bigint, region: string, sex: string, loaded_at: date }
sensitive: [sex]
`;
  const model = MODEL.replace('source: payments,', 'source: outcomes,').replace(
    'source: accounts,',
    'source: people,',
  );
  const before = loaded({ sources, model });
  const because = 'training inputs changed';
  for (const [what, texts] of [
    ['direction', { sources, features: FEATURES.replace('decreasing', 'increasing') }],
    ['label folder', { sources: sources.replace('raw/outcomes/', 'raw/outcomes_v2/') }],
    [
      'label keys',
      { sources: sources.replace(/(raw\/outcomes\/\nkeys: )\[account_id, day\]/, '$1[day, account_id]') },
    ],
    ['label time', { sources: sources.replace(/(raw\/outcomes\/[^]*?event_time: )day/, '$1loaded_at') }],
    ['fairness folder', { sources: sources.replace('raw/people/', 'raw/people_v2/') }],
  ] as const) {
    const { models, partitions } = plan(before, loaded({ model, ...texts }), true, TODAY, [
      '2024-01-01',
      '2024-02-01',
      '2024-03-01',
    ]);
    assert.deepEqual([models, partitions], [[{ ...PAIR, because }], []], what);
  }
});
