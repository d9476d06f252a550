import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownersConcerned } from '#catalog/owners-concerned.ts';
import { readersOfPair, restrictedTo } from '#catalog/restricted-reading.ts';
import { type ConfigSet } from '#configs/config-set.ts';
import { loadConfigs } from '#configs/load.ts';
import { FEATURES, folder, MODEL, SOURCES } from '../configs/valid-configs.ts';

const mark = (text: string, name: string, read = 'team') =>
  text.replace(`name: ${name}\n`, `name: ${name}\nread: ${read}\n`);

function configsOf(
  { more, ...texts }: { sources?: string; features?: string; model?: string; more?: string } = {},
  platform = more,
): ConfigSet {
  const others = platform === undefined ? [] : [{ path: 'platform.yaml', text: platform }];
  const { documents, problems } = loadConfigs(folder({ ...texts, more: others }));
  assert.deepEqual(problems, []);
  return documents;
}

/** Documents with the team that alone reads them. */
const restricted = (configs: ConfigSet) =>
  (
    [
      ['Source', 'accounts'],
      ['Source', 'payments'],
      ['FeatureSet', 'behaviour'],
      ['Model', 'miss_risk'],
    ] as const
  ).flatMap(([kind, name]) => {
    const owned = restrictedTo(configs, kind, name);
    return owned === undefined ? [] : [`${owned.document}: ${owned.team}`];
  });

test('is open by default, and a mark restricts what is derived from it to the owners', () => {
  assert.deepEqual(restricted(configsOf()), []);
  assert.deepEqual(restricted(configsOf({ sources: mark(SOURCES, 'accounts') })), [
    'Source/accounts: core',
    'FeatureSet/behaviour: risk',
    'Model/miss_risk: risk',
  ]);
  assert.deepEqual(restricted(configsOf({ features: mark(FEATURES, 'behaviour') })), [
    'FeatureSet/behaviour: risk',
    'Model/miss_risk: risk',
  ]);
  assert.deepEqual(restricted(configsOf({ model: mark(MODEL, 'miss_risk') })), ['Model/miss_risk: risk']);
});

test('follows the Platform document, from which a document may be taken out', () => {
  const platform = 'kind: Platform\naccess: { read: team }\n';
  assert.equal(restricted(configsOf({}, platform)).length, 4);
  const sources = mark(SOURCES, 'payments', 'open');
  assert.deepEqual(restricted(configsOf({ sources }, platform)), [
    'Source/accounts: core',
    'FeatureSet/behaviour: risk',
    'Model/miss_risk: risk',
  ]);
});

test('does not open what is derived from a restricted source', () => {
  const configs = configsOf({
    sources: mark(SOURCES, 'accounts'),
    features: mark(FEATURES, 'behaviour', 'open'),
    model: mark(MODEL, 'miss_risk', 'open'),
  });
  assert.equal(restricted(configs).length, 3);
});

test('stays on a pair whose model names another feature set by now', () => {
  const before = { model: 'miss_risk', feature_set: 'behaviour' };
  const now = { model: 'miss_risk', feature_set: 'open_set' };
  const configs = configsOf({
    features: mark(FEATURES, 'behaviour'),
    model: MODEL.replace('feature_set: behaviour', 'feature_set: open_set'),
    more: FEATURES.replace('name: behaviour', 'name: open_set'),
  });
  assert.deepEqual(restricted(configs), ['FeatureSet/behaviour: risk']);
  assert.deepEqual(readersOfPair(configs, before), { document: 'Model/miss_risk', team: 'risk' });
  assert.equal(readersOfPair(configs, now), 'everybody');
  assert.equal(readersOfPair(configs, { ...before, model: 'gone' }), 'admins');
});

test('asks the owner of a restricted source before another team begins to read it', () => {
  const teams = (before: ConfigSet, after: ConfigSet) =>
    [...new Set(ownersConcerned(before, after).map(({ team }) => team))].sort();
  const sources = mark(SOURCES, 'accounts');
  const without = FEATURES.replace('sources: [accounts, payments]', 'sources: [payments]').replace(
    '  area: { type: string, description: Region }\n',
    '',
  );
  const [open, marked] = [configsOf({ features: without }), configsOf({ sources, features: without })];
  assert.deepEqual(teams(open, configsOf()), ['risk'], 'an open source is read by whoever names it');
  assert.deepEqual(teams(marked, configsOf({ sources })), ['core', 'risk']);
  const described = FEATURES.replace('Paid of late', 'Paid');
  const reads = configsOf({ sources });
  assert.deepEqual(
    teams(reads, configsOf({ sources, features: described })),
    ['risk'],
    'it reads it already',
  );
  const moved = FEATURES.replace('owner: risk', 'owner: fraud');
  assert.deepEqual(teams(reads, configsOf({ sources, features: moved })), ['core', 'fraud', 'risk']);
  assert.deepEqual(teams(configsOf(), reads), ['core'], 'the mark itself concerns the owner alone');
});
