import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfigs } from '#configs/load.ts';
import { rejectsAtItsPlace, sources } from './bad-configs.ts';

rejectsAtItsPlace([
  [
    'an unknown key',
    sources('owner: core\nlocation', 'owner: core\nowners: a\nlocation'),
    'CONFIG_UNKNOWN_KEY',
    'sources.yaml:4:1',
    /mean owner\?/,
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
    'the folder of the cards',
    sources('raw/accounts/', 'cards/'),
    'CONFIG_INVALID_VALUE',
    'sources.yaml:4:11',
    /writes cards/,
  ],
  [
    'the folder of the DAG specs',
    sources('raw/accounts/', 'airflow/dags/'),
    'CONFIG_INVALID_VALUE',
    'sources.yaml:4:11',
    /writes airflow/,
  ],
  [
    'a folder of the platform in capitals',
    sources('raw/accounts/', 'Features/accounts/'),
    'CONFIG_INVALID_VALUE',
    'sources.yaml:4:11',
    /writes features/,
  ],
  [
    'a column that ranks rows',
    sources('region: string', 'region: string, Millrace_rank: string'),
    'CONFIG_INVALID_VALUE',
    'sources.yaml:7:48',
    /Millrace_rank names a column that the platform adds/,
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
    'a known time among the keys',
    sources('keys: [account_id, day]', 'keys: [account_id, day, loaded_at]'),
    'CONFIG_INVALID_VALUE',
    'sources.yaml:14:25',
    /loaded_at is the known_time/,
  ],
  [
    'a sequence among the keys',
    sources('keys: [account_id, day]', 'sequence: missed\nkeys: [account_id, day, missed]'),
    'CONFIG_INVALID_VALUE',
    'sources.yaml:15:25',
    /missed is the sequence/,
  ],
  [
    'a sequence without an order of whole numbers or times',
    sources('event_time: day', 'sequence: amount\nevent_time: day'),
    'CONFIG_INVALID_VALUE',
    'sources.yaml:15:11',
    /type double/,
  ],
  [
    'a mark of deletion that is not yes or no',
    sources('event_time: day', 'deleted: missed\nevent_time: day'),
    'CONFIG_INVALID_VALUE',
    'sources.yaml:15:10',
    /a column of type boolean/,
  ],
  [
    'an unknown sequence',
    sources('event_time: day', 'sequence: misse\nevent_time: day'),
    'CONFIG_UNKNOWN_COLUMN',
    'sources.yaml:15:11',
    /mean missed\?/,
  ],
  [
    'a lag without a unit',
    sources('event_time: day', 'availability: { lag: 5 }\nevent_time: day'),
    'CONFIG_INVALID_VALUE',
    'sources.yaml:15:22',
    /./,
  ],
  [
    'a cut-off that is no time of day',
    sources('event_time: day', "availability: { cut_off: '24:00' }\nevent_time: day"),
    'CONFIG_INVALID_VALUE',
    'sources.yaml:15:26',
    /a time of day/,
  ],
  [
    'an availability that says nothing',
    sources('event_time: day', 'availability: {}\nevent_time: day'),
    'CONFIG_INVALID_VALUE',
    'sources.yaml:15:15',
    /empty/,
  ],
  [
    'a delay of reporting without an event time',
    sources(
      'known_time: loaded_at\ncolumns: { account_id: bigint, region',
      'known_time: loaded_at\navailability: { reported_within: 5d }\ncolumns: { account_id: bigint, region',
    ),
    'CONFIG_INVALID_VALUE',
    'sources.yaml:7:34',
    /no event_time/,
  ],
]);

test('accepts a known time among the keys of facts that are known as they happen', () => {
  const files = sources(
    'keys: [account_id, day]\nevent_time: day\nknown_time: loaded_at',
    'keys: [account_id, day]\nevent_time: day\nknown_time: day',
  );
  assert.deepEqual(loadConfigs(files).problems, []);
});
