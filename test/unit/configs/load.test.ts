import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorCode } from '#errors/catalogue.ts';
import { loadConfigs } from '#configs/load.ts';
import { type ConfigFile, problemText } from '#configs/problem.ts';
import { FEATURES, folder, MODEL, SOURCES, SQL } from './valid-configs.ts';

type Row = readonly [
  broken: string,
  files: readonly ConfigFile[],
  code: ErrorCode,
  place: string,
  words: RegExp,
];

/** The folder with one text put in the place of another, which must be there. */
function sources(from: string, to: string): ConfigFile[] {
  return folder({ sources: swapped(SOURCES, from, to) });
}
function features(from: string, to: string): ConfigFile[] {
  return folder({ features: swapped(FEATURES, from, to) });
}
function model(from: string, to: string): ConfigFile[] {
  return folder({ model: swapped(MODEL, from, to) });
}
function swapped(text: string, from: string, to: string): string {
  assert.ok(text.includes(from), from);
  return text.replace(from, () => to);
}
function more(path: string, text: string): ConfigFile[] {
  return folder({ more: [{ path, text }] });
}

const ROWS: readonly Row[] = [
  ['YAML that ends too early', more('x.yaml', 'a: [1\n'), 'CONFIG_YAML', 'x.yaml:2:1', /flow/i],
  [
    'a key twice',
    more('x.yaml', 'kind: Source\nkind: Model\n'),
    'CONFIG_DUPLICATE_KEY',
    'x.yaml:2:1',
    /stands twice/,
  ],
  ['an unknown tag', more('x.yaml', 'a: !!python/none x\n'), 'CONFIG_YAML', 'x.yaml:1:4', /tag/],
  ['an alias of nothing', more('x.yaml', 'a: *b\n'), 'CONFIG_YAML', 'x.yaml:1:4', /&b/],
  ['an alias inside its anchor', more('x.yaml', 'a: &b [*b]\n'), 'CONFIG_YAML', 'x.yaml:1:8', /own anchor/],
  ['aliases that multiply', more('x.yaml', BOMB()), 'CONFIG_ALIASES_TOO_DEEP', 'x.yaml:1:1', /more than 100/],
  ['nesting without end', more('x.yaml', '['.repeat(500)), 'CONFIG_YAML', 'x.yaml:1:101', /open at once/],
  [
    'a YAML file above 1 MiB',
    more('x.yaml', `# ${'x'.repeat(1024 * 1024)}`),
    'CONFIG_FILE_TOO_LARGE',
    'x.yaml:1:1',
    /1048576/,
  ],
  [
    'a SQL file above 1 MiB',
    more('x.sql', ' '.repeat(1024 * 1024 + 1)),
    'CONFIG_FILE_TOO_LARGE',
    'x.sql:1:1',
    /1048576/,
  ],
  ['a document that is a list', more('x.yaml', '- a\n'), 'CONFIG_INVALID_VALUE', 'x.yaml:1:1', /mapping/],
  ['no kind', more('x.yaml', 'name: a\n'), 'CONFIG_UNKNOWN_KIND', 'x.yaml:1:1', /kind is missing/],
  ['an unknown kind', more('x.yaml', 'kind: Modle\n'), 'CONFIG_UNKNOWN_KIND', 'x.yaml:1:7', /mean Model\?/],
  [
    'an unknown key',
    sources('owner: core\nlocation', 'owner: core\nowners: a\nlocation'),
    'CONFIG_UNKNOWN_KEY',
    'sources.yaml:4:1',
    /mean owner\?/,
  ],
  [
    'an unknown key deep inside',
    model('min: 0.7', 'min: 0.7, maxx: 1'),
    'CONFIG_UNKNOWN_KEY',
    'model.yaml:11:27',
    /mean max\?/,
  ],
  [
    'a missing key',
    sources('known_time: loaded_at\n', ''),
    'CONFIG_MISSING_KEY',
    'sources.yaml:1:1',
    /known_time is missing/,
  ],
  [
    'a type of another word',
    sources('region: string', 'region: strin'),
    'CONFIG_INVALID_VALUE',
    'sources.yaml:7:40',
    /mean string\?/,
  ],
  [
    'a number for a text',
    model('name: miss_risk', 'name: 7'),
    'CONFIG_INVALID_VALUE',
    'model.yaml:2:7',
    /expected text/,
  ],
  [
    'a column that is no identifier',
    sources('region: string', '"re gion": string'),
    'CONFIG_INVALID_VALUE',
    'sources.yaml:7:32',
    /a column name/,
  ],
  [
    'a folder of the platform',
    sources('raw/accounts/', 'features/accounts/'),
    'CONFIG_INVALID_VALUE',
    'sources.yaml:4:11',
    /writes features/,
  ],
  [
    'a key that is no column',
    sources('keys: [account_id]', 'keys: [acount_id]'),
    'CONFIG_UNKNOWN_COLUMN',
    'sources.yaml:5:8',
    /mean account_id\?/,
  ],
  [
    'an event time that is no column',
    sources('event_time: day', 'event_time: dy'),
    'CONFIG_UNKNOWN_COLUMN',
    'sources.yaml:15:13',
    /mean day\?/,
  ],
  [
    'a known time that is no time',
    sources('known_time: loaded_at', 'known_time: region'),
    'CONFIG_INVALID_VALUE',
    'sources.yaml:6:13',
    /type string/,
  ],
  [
    'a sensitive column that is none',
    sources('sensitive: [sex]', 'sensitive: [age]'),
    'CONFIG_UNKNOWN_COLUMN',
    'sources.yaml:8:13',
    /no column age/,
  ],
  [
    'columns alike but for case',
    sources('region: string', 'region: string, Sex: string'),
    'CONFIG_INVALID_VALUE',
    'sources.yaml:7:61',
    /cannot tell/,
  ],
  [
    'an unknown source',
    features('[accounts, payments]', '[accounts, payment]'),
    'CONFIG_UNKNOWN_NAME',
    'features.yaml:5:21',
    /mean payments\?/,
  ],
  [
    'an unknown upstream set',
    features('sql:', 'feature_sets: [behavior]\nsql:'),
    'CONFIG_UNKNOWN_NAME',
    'features.yaml:7:16',
    /mean behaviour\?/,
  ],
  [
    'a set that reads itself',
    features('sql:', 'feature_sets: [behaviour]\nsql:'),
    'CONFIG_CYCLE',
    'features.yaml:7:16',
    /behaviour → behaviour/,
  ],
  [
    'a set that reads nothing',
    features('sources: [accounts, payments]\n', ''),
    'CONFIG_INVALID_VALUE',
    'features.yaml:1:1',
    /reads no source/,
  ],
  [
    'a start within a month',
    features('start: 2024-01-01', 'start: 2024-01-02'),
    'CONFIG_DATE_OFF_GRAIN',
    'features.yaml:6:35',
    /2024-01-01/,
  ],
  [
    'an end before the start',
    features('end: 2024-06-01', 'end: 2023-06-01'),
    'CONFIG_INVALID_VALUE',
    'features.yaml:6:52',
    /before the start/,
  ],
  [
    'a date that does not exist',
    features('start: 2024-01-01', 'start: 2024-02-30'),
    'CONFIG_INVALID_VALUE',
    'features.yaml:6:35',
    /YYYY-MM-DD/,
  ],
  ['staleness in hours', features('35d', '35h'), 'CONFIG_INVALID_VALUE', 'features.yaml:6:79', /whole days/],
  [
    'a SQL file that is not there',
    features('sql: behaviour.sql', 'sql: behavior.sql'),
    'CONFIG_FILE_MISSING',
    'features.yaml:7:6',
    /mean behaviour.sql\?/,
  ],
  [
    'a SQL file outside the folder',
    features('sql: behaviour.sql', 'sql: ../behaviour.sql'),
    'CONFIG_INVALID_VALUE',
    'features.yaml:7:6',
    /beside the config/,
  ],
  [
    'no feature',
    features(FEATURES.slice(FEATURES.indexOf('features:'), FEATURES.indexOf('checks:')), 'features: {}\n'),
    'CONFIG_INVALID_VALUE',
    'features.yaml:9:11',
    /no feature/,
  ],
  [
    'a sensitive feature',
    features('  area:', '  sex:'),
    'CONFIG_SENSITIVE_FEATURE',
    'features.yaml:11:3',
    /sensitive column of source accounts/,
  ],
  [
    'a feature of a reserved name',
    features('  area:', '  attr_x:'),
    'CONFIG_INVALID_VALUE',
    'features.yaml:11:3',
    /adds itself/,
  ],
  [
    'a text that grows',
    features('Region }', 'Region, monotonic: increasing }'),
    'CONFIG_INVALID_VALUE',
    'features.yaml:11:57',
    /no direction/,
  ],
  [
    'an unknown check',
    features('be_null', 'be_nul'),
    'CONFIG_UNKNOWN_KEY',
    'features.yaml:13:5',
    /mean expect_column_values_to_not_be_null\?/,
  ],
  [
    'a check of an unknown column',
    features('{ column: paid,', '{ column: pad,'),
    'CONFIG_UNKNOWN_COLUMN',
    'features.yaml:14:51',
    /mean paid\?/,
  ],
  [
    'a check without bounds',
    features(', min_value: 0', ''),
    'CONFIG_INVALID_VALUE',
    'features.yaml:14:41',
    /neither a lower nor an upper/,
  ],
  [
    'an unknown feature set',
    model('feature_set: behaviour', 'feature_set: behavior'),
    'CONFIG_UNKNOWN_NAME',
    'model.yaml:5:14',
    /mean behaviour\?/,
  ],
  [
    'an unknown label source',
    model('{ source: payments, column', '{ source: payment, column'),
    'CONFIG_UNKNOWN_NAME',
    'model.yaml:6:18',
    /mean payments\?/,
  ],
  [
    'an unknown label column',
    model('column: missed', 'column: mised'),
    'CONFIG_UNKNOWN_COLUMN',
    'model.yaml:6:36',
    /mean missed\?/,
  ],
  [
    'a label that is a date',
    model('column: missed', 'column: day'),
    'CONFIG_INVALID_VALUE',
    'model.yaml:6:36',
    /holds 0 and 1/,
  ],
  [
    'a label without a time',
    model('{ source: payments, column: missed', '{ source: accounts, column: account_id'),
    'CONFIG_INVALID_VALUE',
    'model.yaml:6:18',
    /no event_time/,
  ],
  [
    'a horizon in weeks',
    model('1 month', '2 weeks'),
    'CONFIG_INVALID_VALUE',
    'model.yaml:6:53',
    /1 month or 30 days/,
  ],
  [
    'an unknown fairness source',
    model('{ source: accounts', '{ source: account'),
    'CONFIG_UNKNOWN_NAME',
    'model.yaml:7:21',
    /mean accounts\?/,
  ],
  [
    'an unknown attribute',
    model('[sex, region]', '[sex, regin]'),
    'CONFIG_UNKNOWN_COLUMN',
    'model.yaml:7:49',
    /mean region\?/,
  ],
  [
    'a package that is not allowed',
    model('lightgbm.LGBM', 'torch.LGBM'),
    'CONFIG_PACKAGE_NOT_ALLOWED',
    'model.yaml:8:12',
    /sklearn, lightgbm/,
  ],
  [
    'a package misspelt',
    model('lightgbm.LGBM', 'lightgmb.LGBM'),
    'CONFIG_PACKAGE_NOT_ALLOWED',
    'model.yaml:8:12',
    /mean lightgbm.LGBMClassifier\?/,
  ],
  [
    'a pipeline step that is not allowed',
    model('lightgbm.LGBMClassifier', '{ pipeline: [{ class: os.system }] }'),
    'CONFIG_PACKAGE_NOT_ALLOWED',
    'model.yaml:8:34',
    /package os/,
  ],
  [
    'a split that holds out all dates',
    model('test_dates: 1', 'test_dates: 3'),
    'CONFIG_INVALID_VALUE',
    'model.yaml:10:41',
    /all 3 labelled dates/,
  ],
  [
    'a split of another kind',
    model('kind: out_of_time', 'kind: out_of_tim'),
    'CONFIG_INVALID_VALUE',
    'model.yaml:10:16',
    /mean out_of_time\?/,
  ],
  [
    'a gate on an attribute that is not compared',
    model('attribute: sex', 'attribute: age'),
    'CONFIG_UNKNOWN_NAME',
    'model.yaml:11:68',
    /sex, region/,
  ],
  [
    'a gate that bounds nothing',
    model('auc: { min: 0.7 }', 'auc: {}'),
    'CONFIG_INVALID_VALUE',
    'model.yaml:11:15',
    /neither/,
  ],
  [
    'a gate nothing passes',
    model('min: 0.7 }', 'min: 0.7, max: 0.6 }'),
    'CONFIG_INVALID_VALUE',
    'model.yaml:11:15',
    /above the upper/,
  ],
  [
    'a cron of six fields',
    model("'0 5 * * *'", "'0 0 5 * * *'"),
    'CONFIG_CRON_INVALID',
    'model.yaml:13:42',
    /6 fields/,
  ],
  [
    'a cron hour that does not exist',
    model("'0 5 * * *'", "'0 25 * * *'"),
    'CONFIG_CRON_INVALID',
    'model.yaml:13:42',
    /25/,
  ],
  [
    'a cron that schedulers read differently',
    model("'0 5 * * *'", "'0 5 1 * 1'"),
    'CONFIG_CRON_INVALID',
    'model.yaml:13:42',
    /schedulers differ/,
  ],
  [
    'an unknown time zone',
    model('Europe/London', 'Europe/Lodon'),
    'CONFIG_TIMEZONE_UNKNOWN',
    'model.yaml:13:65',
    /mean Europe\/London\?/,
  ],
  [
    'an offset for a time zone',
    model('Europe/London', "'+01:00'"),
    'CONFIG_TIMEZONE_UNKNOWN',
    'model.yaml:13:65',
    /no time zone/,
  ],
  [
    'a go_live of another form',
    model('timezone: Europe/London', 'timezone: Europe/London, go_live: tomorrow'),
    'CONFIG_INVALID_VALUE',
    'model.yaml:13:89',
    /next_day or a mapping/,
  ],
  [
    'a cut-off above 1',
    model('cut_off: 0.5', 'cut_off: 5'),
    'CONFIG_INVALID_VALUE',
    'model.yaml:14:22',
    /less than 1/,
  ],
  [
    'a cut-off among the terms of deployment, where it used to be',
    model('timezone: Europe/London', 'timezone: Europe/London, cut_off: 0.5'),
    'CONFIG_UNKNOWN_KEY',
    'model.yaml:13:80',
    /mean decision\.cut_off\?/,
  ],
  [
    'one kind and name twice',
    more('x.yaml', SOURCES.split('---')[0] ?? ''),
    'CONFIG_DUPLICATE',
    'x.yaml:2:7',
    /sources.yaml:2:1/,
  ],
  [
    'two Platform documents',
    more('x.yaml', 'kind: Platform\n---\nkind: Platform\n'),
    'CONFIG_DUPLICATE',
    'x.yaml:3:1',
    /x.yaml:1:1/,
  ],
  [
    'a warning above the alert',
    more('x.yaml', 'kind: Platform\ndrift: { psi_warn: 0.3 }\n'),
    'CONFIG_INVALID_VALUE',
    'x.yaml:2:20',
    /not below the alert 0.25/,
  ],
  [
    'a key named __proto__',
    more('x.yaml', 'kind: Platform\n__proto__: {}\n'),
    'CONFIG_UNKNOWN_KEY',
    'x.yaml:2:1',
    /not allowed/,
  ],
];

for (const [broken, files, code, place, words] of ROWS) {
  test(`${broken}: ${code} at its place`, () => {
    const { problems } = loadConfigs(files);
    assert.equal(problems.length, 1, problems.map(problemText).join('\n'));
    const [problem] = problems;
    assert.ok(problem);
    assert.equal(problem.code, code);
    assert.equal(`${problem.file}:${problem.line}:${problem.column}`, place, problemText(problem));
    assert.match(problemText(problem), words);
  });
}

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

/** Ten lines that expand to ten billion. */
function BOMB(): string {
  const lines = Array.from(
    { length: 10 },
    (_, n) =>
      `  k${n}: &a${n} [${Array(10)
        .fill(n === 0 ? '1' : `*a${n - 1}`)
        .join(', ')}]`,
  );
  return `kind: Platform\nx:\n${lines.join('\n')}\n`;
}
