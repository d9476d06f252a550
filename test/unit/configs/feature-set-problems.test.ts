import { rejectsAtItsPlace, features } from './bad-configs.ts';
import { FEATURES, folder } from './valid-configs.ts';

/** One more check, behind a boolean feature: it has a problem at this column. */
function checksOf(rows: readonly (readonly [string, string, number, RegExp])[]) {
  const boolean = FEATURES.replace(
    'checks:\n',
    `  owns: { type: boolean, description: Owns a home }\nchecks:\n  - CHECK\n`,
  );
  return rows.map(
    ([why, check, column, words]) =>
      [
        why,
        features(FEATURES, boolean.replace('CHECK', check)),
        'CONFIG_INVALID_VALUE',
        `features.yaml:14:${column}`,
        words,
      ] as const,
  );
}

rejectsAtItsPlace([
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
  [
    'a start whose year is mistyped',
    features('start: 2024-01-01', 'start: 0024-01-01'),
    'CONFIG_INVALID_VALUE',
    'features.yaml:6:35',
    /no partition lies at 0024-01-01/,
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
  ...['dt', 'Label', 'Attr_sex', 'millrace_rank', 'file_row_number', 'Slice_of_shard'].map(
    (name) =>
      [
        `a feature named ${name}`,
        features('  area:', `  ${name}:`),
        'CONFIG_INVALID_VALUE',
        'features.yaml:11:3',
        /adds itself/,
      ] as const,
  ),
  [
    'two spellings of one feature',
    features('  area:', '  PAID:'),
    'CONFIG_INVALID_VALUE',
    'features.yaml:11:3',
    /SQL cannot tell column PAID from paid/,
  ],
  [
    'a feature that is the entity in capitals',
    features('  area:', '  ACCOUNT_ID:'),
    'CONFIG_INVALID_VALUE',
    'features.yaml:11:3',
    /SQL cannot tell column ACCOUNT_ID from account_id/,
  ],
  [
    'a feature that is the entity',
    features('  area:', '  account_id:'),
    'CONFIG_INVALID_VALUE',
    'features.yaml:11:3',
    /SQL cannot tell column account_id from account_id/,
  ],
  [
    'staleness shorter than a month',
    features('35d', '30d'),
    'CONFIG_INVALID_VALUE',
    'features.yaml:6:79',
    /a month apart.*31d or more/,
  ],
  [
    'a negative number of rows',
    features(
      '{ column: account_id }',
      '{ column: account_id }\n  - expect_table_row_count_to_be_between: { min_value: -1 }',
    ),
    'CONFIG_INVALID_VALUE',
    'features.yaml:14:56',
    /at least 0/,
  ],
  [
    'a fraction of a row',
    features(
      '{ column: account_id }',
      '{ column: account_id }\n  - expect_table_row_count_to_be_between: { max_value: 5.5 }',
    ),
    'CONFIG_INVALID_VALUE',
    'features.yaml:14:56',
    /a whole number/,
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
  ...checksOf([
    [
      'bounds on text',
      'expect_column_values_to_be_between: { column: area, min_value: 0 }',
      51,
      /column area has type string.*a column of numbers/,
    ],
    [
      'the mean of a boolean',
      'expect_column_mean_to_be_between: { column: owns, min_value: 0 }',
      49,
      /column owns has type boolean/,
    ],
    [
      'a number in a set of texts',
      'expect_column_values_to_be_in_set: { column: area, value_set: [x, 01] }',
      71,
      /type string, and 1 is a number.*text in quotes; YAML reads a bare 01 as the number 1/,
    ],
    [
      'a text in a set of numbers',
      'expect_column_values_to_be_in_set: { column: paid, value_set: [1, x] }',
      71,
      /type double, and "x" is a text/,
    ],
    [
      'a text in a set of booleans',
      'expect_column_values_to_be_in_set: { column: owns, value_set: [yes] }',
      68,
      /type boolean, and "yes" is a text.*true or false/,
    ],
    [
      'a fraction in a set of whole numbers',
      'expect_column_values_to_be_in_set: { column: account_id, value_set: [1.5] }',
      74,
      /type bigint, and 1\.5 is a fraction/,
    ],
    [
      'a number in quotes in a set of numbers',
      "expect_column_values_to_be_in_set: { column: paid, value_set: ['1'] }",
      68,
      /type double, and "1" is a text/,
    ],
  ]),
  [
    'a check without bounds',
    features(', min_value: 0', ''),
    'CONFIG_INVALID_VALUE',
    'features.yaml:14:41',
    /neither a lower nor an upper/,
  ],
  [
    'an unknown time zone',
    features('max_staleness: 35d', 'max_staleness: 35d, time_zone: Europe/Lundon'),
    'CONFIG_TIMEZONE_UNKNOWN',
    'features.yaml:6:95',
    /mean Europe\/London\?/,
  ],
  [
    'a set that reads one of another time zone',
    folder({
      features: `${FEATURES}---\n${FEATURES.replace('name: behaviour', 'name: habits')
        .replace('sql:', 'feature_sets: [behaviour]\nsql:')
        .replace('max_staleness: 35d', 'max_staleness: 35d, time_zone: Asia/Taipei')}`,
    }),
    'CONFIG_INVALID_VALUE',
    'features.yaml:22:16',
    /begin in UTC, those of this set in Asia\/Taipei/,
  ],
]);
