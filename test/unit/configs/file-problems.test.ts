import { features, model, more, rejectsAtItsPlace, sources } from './bad-configs.ts';
import { SOURCES } from './valid-configs.ts';

rejectsAtItsPlace([
  ['YAML that ends too early', more('x.yaml', 'a: [1\n'), 'CONFIG_YAML', 'x.yaml:2:1', /flow/i],
  [
    'a key twice',
    more('x.yaml', 'kind: Source\nkind: Model\n'),
    'CONFIG_DUPLICATE_KEY',
    'x.yaml:2:1',
    /occurs twice/,
  ],
  ['an unknown tag', more('x.yaml', 'a: !!python/none x\n'), 'CONFIG_YAML', 'x.yaml:1:4', /tag/],
  [
    'a merge key',
    sources('known_time: loaded_at\n', '<<: { known_time: loaded_at }\n'),
    'CONFIG_UNKNOWN_KEY',
    'sources.yaml:6:1',
    /merge keys \(<<\) are not supported; expected the keys themselves/,
  ],
  [
    'infinity',
    model('n_estimators: 10', 'n_estimators: .inf'),
    'CONFIG_INVALID_VALUE',
    'model.yaml:9:25',
    /: \.inf is not a finite number/,
  ],
  [
    'a number that is none',
    model('n_estimators: 10', 'n_estimators: .nan'),
    'CONFIG_INVALID_VALUE',
    'model.yaml:9:25',
    /: \.nan is not a finite number/,
  ],
  [
    'a number without room',
    model('min: 0.7', 'min: 1e400'),
    'CONFIG_INVALID_VALUE',
    'model.yaml:11:22',
    /: 1e400 is not a finite number/,
  ],
  [
    'a bound of a check without end',
    features('min_value: 0 }', 'min_value: -.inf }'),
    'CONFIG_INVALID_VALUE',
    'features.yaml:14:68',
    /: -\.inf is not a finite number/,
  ],
  [
    'a whole number that would be rounded',
    features('window: 3', 'window: 9007199254740993'),
    'CONFIG_INVALID_VALUE',
    'features.yaml:8:19',
    /9007199254740993 is a whole number above 2\^53.*in quotes/,
  ],
  [
    'a mistake behind a byte order mark',
    model('kind: Model', '\uFEFFkid: Model'),
    'CONFIG_UNKNOWN_KIND',
    'model.yaml:1:1',
    /kind is missing/,
  ],
  ['an alias of nothing', more('x.yaml', 'a: *b\n'), 'CONFIG_YAML', 'x.yaml:1:4', /&b/],
  [
    'an alias inside its anchor',
    more('x.yaml', 'a: &b [*b]\n'),
    'CONFIG_YAML',
    'x.yaml:1:8',
    /anchor that contains it/,
  ],
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
  [
    'a text that turns its direction around',
    sources('owner: core\nlocation', 'owner: core\ndescription: safe \u202Eelbasnu\nlocation'),
    'CONFIG_INVALID_VALUE',
    'sources.yaml:4:14',
    /U\+202E/,
  ],
  [
    'the same as an escape of YAML',
    sources('owner: core\nlocation', 'owner: core\ndescription: "safe \\u202E"\nlocation'),
    'CONFIG_INVALID_VALUE',
    'sources.yaml:4:14',
    /U\+202E/,
  ],
  [
    'a control character in a key',
    model('n_estimators: 10', 'n_estimators: 10, "a\\u0007b": 1'),
    'CONFIG_INVALID_VALUE',
    'model.yaml:9:29',
    /U\+0007/,
  ],
  [
    'a SQL comment that hides what runs',
    more('x.sql', 'SELECT 1 -- ok\n -- \u2066not\u2069 this'),
    'CONFIG_INVALID_VALUE',
    'x.sql:2:5',
    /U\+2066/,
  ],
  ['a document that is a list', more('x.yaml', '- a\n'), 'CONFIG_INVALID_VALUE', 'x.yaml:1:1', /mapping/],
  ['no kind', more('x.yaml', 'name: a\n'), 'CONFIG_UNKNOWN_KIND', 'x.yaml:1:1', /kind is missing/],
  ['an unknown kind', more('x.yaml', 'kind: Modle\n'), 'CONFIG_UNKNOWN_KIND', 'x.yaml:1:7', /mean Model\?/],
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
]);

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
