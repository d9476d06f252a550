import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfigs } from '#configs/load.ts';
import { FEATURES, folder, MODEL, SOURCES, SQL } from './valid-configs.ts';
import { features } from './bad-configs.ts';

test('a valid folder has no problem, and the SQL text travels with its set', () => {
  const { documents, declared, problems } = loadConfigs(folder());
  assert.deepEqual(problems, []);
  assert.equal(declared.length, 4);
  assert.equal(documents.featureSets.get('behaviour')?.sql_text, SQL);
  assert.equal(documents.models.get('miss_risk')?.deploy.go_live, 'next_day');
});

test('SQL is found beside the YAML file that names it, in whatever folder that is', () => {
  const files = folder().map(({ path, text }) => ({ path: `teams/risk/${path}`, text }));
  assert.deepEqual(loadConfigs(files).problems, []);
});

test('every problem of every file is listed at once, in order of place', () => {
  const { problems } = loadConfigs(
    folder({
      sources: SOURCES.replace('region: string', 'region: strin').replace(
        'keys: [account_id, day]',
        'keys: [dey]',
      ),
      features: FEATURES.replace('owner: risk', 'owner: risk\nextra: 1').replace(
        'end: 2024-06-01',
        'end: 2023-01-05',
      ),
      model: MODEL.replace('behaviour', 'behavior').replace('cpu: 1', 'cpu: 0.5'),
    }),
  );
  assert.deepEqual(
    problems.map(({ code, file, line }) => `${code} ${file}:${line}`),
    [
      'CONFIG_UNKNOWN_KEY features.yaml:4',
      'CONFIG_DATE_OFF_GRAIN features.yaml:7',
      'CONFIG_INVALID_VALUE features.yaml:7',
      'CONFIG_UNKNOWN_NAME model.yaml:5',
      'CONFIG_INVALID_VALUE model.yaml:12',
      'CONFIG_INVALID_VALUE sources.yaml:7',
      'CONFIG_UNKNOWN_COLUMN sources.yaml:14',
    ],
  );
});

test('an entity that no source has is told of at the set and at those who join by it', () => {
  const { problems } = loadConfigs(features('entity: account_id', 'entity: accountid'));
  assert.deepEqual(
    problems.map(({ file, line, column, suggestion }) => `${file}:${line}:${column} ${suggestion}`),
    [
      'features.yaml:4:9 account_id',
      'features.yaml:13:52 accountid',
      'model.yaml:6:18 undefined',
      'model.yaml:7:21 undefined',
    ],
  );
});

test('a wrong document is one mistake: naming it elsewhere is no second one', () => {
  const { problems } = loadConfigs(folder({ sources: SOURCES.replace('region: string', 'region: strin') }));
  assert.deepEqual(
    problems.map(({ file }) => file),
    ['sources.yaml'],
  );
});

test('applied documents satisfy the references of a partial folder', () => {
  const existing = loadConfigs(folder()).documents;
  const { problems, declared } = loadConfigs([{ path: 'model.yaml', text: MODEL }], { existing });
  assert.deepEqual(problems, []);
  assert.deepEqual(
    declared.map(({ name }) => name),
    ['miss_risk'],
  );
});

test('a new document that breaks an applied one is refused, and the applied one is named', () => {
  const existing = loadConfigs(folder()).documents;
  const text = SOURCES.replace('missed: int, ', '');
  const { problems } = loadConfigs([{ path: 'sources.yaml', text }], { existing });
  assert.deepEqual(
    problems.map(({ code, file }) => `${code} ${file}`),
    ['CONFIG_UNKNOWN_COLUMN applied Model/miss_risk'],
  );
});

test('the Platform document decides about packages', () => {
  const platform = { path: 'platform.yaml', text: 'kind: Platform\ntraining: { packages: [catboost] }\n' };
  const { problems } = loadConfigs(folder({ more: [platform] }));
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['CONFIG_PACKAGE_NOT_ALLOWED'],
  );
});

test('a circle of sets is told of at each of its entries', () => {
  const set = (name: string, reads: string) =>
    FEATURES.replace('name: behaviour', `name: ${name}\nfeature_sets: [${reads}]`);
  const { problems } = loadConfigs(
    folder({
      more: [
        { path: 'sets.yaml', text: [set('a', 'b'), set('b', 'c'), set('c', 'a')].join('---\n') },
        { path: 'x.sql', text: '' },
      ],
    }),
  );
  assert.deepEqual(
    problems.map(({ code, message }) => `${code} ${message.replace(/.*: /, '')}`),
    ['CONFIG_CYCLE a → b → c → a', 'CONFIG_CYCLE b → c → a → b', 'CONFIG_CYCLE c → a → b → c'],
  );
});

test('a megabyte of unknown keys is answered in seconds, with the first of them', () => {
  const keys = Array.from({ length: 100_000 }, (_, n) => `k${n}: 1`).join('\n');
  const before = performance.now();
  const { problems } = loadConfigs([{ path: 'x.yaml', text: `kind: Source\n${keys}\n` }]);
  assert.ok(performance.now() - before < 20_000);
  assert.equal(problems.length, 201);
});

const OTHER = `kind: Source
name: others
owner: core
location: raw/accounts/
keys: [account_id]
known_time: loaded_at
columns: { account_id: bigint, Sex: string, loaded_at: date }
sensitive: [Sex]
`;

const problemsOf = (text: string) =>
  loadConfigs(folder({ more: [{ path: 'other.yaml', text }] })).problems.map(
    ({ file, line, column, message }) => `${file}:${line}:${column} ${message}`,
  );

test('rejects folders inside one another, at both sources', () => {
  assert.deepEqual(problemsOf(OTHER.replace('raw/accounts/', 'raw/accounts/2024/')), [
    'other.yaml:4:11 raw/accounts/2024/ and raw/accounts/ of source accounts overlap',
    'sources.yaml:4:11 raw/accounts/ and raw/accounts/2024/ of source others overlap',
  ]);
  assert.deepEqual(problemsOf(OTHER.replace('raw/accounts/', 'raw/accounts_2024/')), []);
});

test('accepts two sources of one folder if both call the same columns sensitive', () => {
  assert.deepEqual(problemsOf(OTHER), []);
  assert.deepEqual(problemsOf(OTHER.replace('sensitive: [Sex]\n', '')), [
    'other.yaml:1:1 Sex is sensitive in source accounts, which reads the same folder',
  ]);
  assert.deepEqual(problemsOf(OTHER.replace('Sex: string, ', '').replace('sensitive: [Sex]\n', '')), []);
});

test('compares the sensitive columns of one folder by their names in the files', () => {
  const aliased = OTHER.replace('Sex: string', 'gender: { column: SEX, type: string }');
  assert.deepEqual(problemsOf(aliased.replace('[Sex]', '[gender]')), []);
  assert.deepEqual(problemsOf(aliased.replace('sensitive: [Sex]\n', '')), [
    'other.yaml:1:1 gender is sensitive in source accounts, which reads the same folder',
  ]);
});

test('rejects an entity of doubles in every source that has it, and names what to declare', () => {
  const text = SOURCES.replaceAll('account_id: bigint', 'account_id: double');
  const { problems } = loadConfigs(folder({ sources: text }));
  assert.ok(problems.length >= 3);
  for (const { code, message, expected } of problems) {
    assert.equal(code, 'CONFIG_INVALID_VALUE');
    assert.match(message, /account_id has type double, which cannot identify a row/);
    assert.match(expected ?? '', /bigint, decimal\(38,0\) or string/);
  }
});

test('reads YAML and SQL files whatever the case of their endings, and a byte order mark', () => {
  const files = folder({ features: FEATURES.replace('behaviour.sql', 'behaviour.SQL') }).map(
    ({ path, text }) => ({
      path: path.replace(/\w+$/, (ending) => ending.toUpperCase()),
      text: `\uFEFF${text}`,
    }),
  );
  const { documents, problems } = loadConfigs(files);
  assert.deepEqual(problems, []);
  assert.equal(documents.featureSets.get('behaviour')?.sql_text, SQL);
});
