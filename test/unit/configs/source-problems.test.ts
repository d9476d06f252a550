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
]);
