import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entityColumns, entityForm } from '#configs/entity.ts';
import { loadConfigs } from '#configs/load.ts';
import { BESIDE_SEVERAL } from '#configs/rules/column-names.ts';
import { SCORE_COLUMNS } from '#scoring/score-file.ts';
import { rejectsAtItsPlace } from './bad-configs.ts';
import { FEATURES, folder, MODEL, SOURCES } from './valid-configs.ts';

/** Payments are by account and product; accounts are by account alone. */
const BY_PRODUCT = SOURCES.replace(
  '{ account_id: bigint, day: date',
  '{ account_id: bigint, product: string, day: date',
).replace('keys: [account_id, day]', 'keys: [account_id, product, day]');
const COMPOSITE = FEATURES.replace('entity: account_id', 'entity: [account_id, product]');

function composite(entity: string, features = COMPOSITE): ReturnType<typeof folder> {
  return folder({
    sources: BY_PRODUCT,
    features: features.replace('entity: [account_id, product]', `entity: ${entity}`),
  });
}

test('accepts an entity of several columns, with attributes that only some of them join', () => {
  const { problems, documents } = loadConfigs(composite('[account_id, product]'));
  assert.deepEqual(problems, []);
  const set = documents.featureSets.get('behaviour');
  assert.deepEqual(set && entityColumns(set), ['account_id', 'product']);
});

test('takes a list of one column for the column', () => {
  assert.deepEqual(entityColumns({ entity: ['account'] }), entityColumns({ entity: 'account' }));
  assert.equal(entityForm({ entity: ['account'] }), 'account');
  assert.deepEqual(entityForm({ entity: ['account', 'product'] }), ['account', 'product']);
});

test('accepts a column that is a key of a set that is read', () => {
  const reader = COMPOSITE.replace('name: behaviour', 'name: habits').replace(
    'sources: [accounts, payments]',
    'sources: [accounts]\nfeature_sets: [behaviour]',
  );
  const { problems } = loadConfigs(folder({ sources: BY_PRODUCT, features: `${COMPOSITE}---\n${reader}` }));
  assert.deepEqual(problems, []);
});

test('reserves every column of a scores file beside the entity', () => {
  const names = SCORE_COLUMNS.map(({ name }) => name);
  assert.deepEqual(
    names.filter((name) => name !== 'probability'),
    BESIDE_SEVERAL,
  );
});

/** The text with a column of the sources named otherwise, so that it is only refused for its name. */
function renamed(product: string): ReturnType<typeof folder> {
  return folder({
    sources: BY_PRODUCT.replaceAll('product', product),
    features: COMPOSITE.replace('product', product),
  });
}

rejectsAtItsPlace([
  ['no column', composite('[]'), 'CONFIG_INVALID_VALUE', 'features.yaml:4:9', /./],
  [
    'a column named twice',
    composite('[account_id, account_id]'),
    'CONFIG_INVALID_VALUE',
    'features.yaml:4:22',
    /account_id is named twice/,
  ],
  [
    'an entity column that is a feature',
    composite('[account_id, product]', COMPOSITE.replace('area:', 'Product:')),
    'CONFIG_INVALID_VALUE',
    'features.yaml:11:3',
    /cannot tell column Product from product/,
  ],
  ...['version', 'Reasons', 'score_date', 'split', 'dt', 'attr_x'].map(
    (name) =>
      [
        `an entity column named ${name}`,
        renamed(name),
        'CONFIG_INVALID_VALUE',
        'features.yaml:4:22',
        /the platform adds itself/,
      ] as const,
  ),
  [
    'a single entity named as a column of the reference scores',
    folder({
      sources: SOURCES.replaceAll('account_id', 'probability'),
      features: FEATURES.replaceAll('account_id', 'probability'),
    }),
    'CONFIG_INVALID_VALUE',
    'features.yaml:4:9',
    /the platform adds itself/,
  ],
  [
    'labels that lack a column of the entity',
    folder({
      sources: BY_PRODUCT.replace('kind: Source\nname: payments', () =>
        [
          'kind: Source\nname: misses\nowner: core\nlocation: raw/misses/\nkeys: [account_id, day]\nevent_time: day',
          'known_time: loaded_at\ncolumns: { account_id: bigint, day: date, missed: int, loaded_at: timestamp }',
          '---\nkind: Source\nname: payments',
        ].join('\n'),
      ),
      features: COMPOSITE,
      model: MODEL.replace('label: { source: payments', 'label: { source: misses'),
    }),
    'CONFIG_UNKNOWN_COLUMN',
    'model.yaml:6:18',
    /source misses has no column product, a key of behaviour/,
  ],
]);

const alsoNamed: readonly (readonly [string, string, string])[] = [
  [
    'that differ only in case',
    '[account_id, ACCOUNT_ID]',
    'features.yaml:4:22 SQL cannot tell column ACCOUNT_ID from account_id',
  ],
  [
    'that no source has',
    '[account_id, produce]',
    'features.yaml:4:22 no source of the set has a column produce',
  ],
];
for (const [what, entity, words] of alsoNamed) {
  test(`names entity columns ${what}`, () => {
    const { problems } = loadConfigs(composite(entity));
    const told = problems.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`);
    assert.ok(
      told.some((text) => text.includes(words)),
      told.join('\n'),
    );
  });
}
