import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { loadConfigs } from '#configs/load.ts';
import { problemText } from '#configs/problem.ts';
import { FEATURES, folder, MODEL, SOURCES, SQL } from './valid-configs.ts';

const ODD = 'zz_not_a_key';

/** Places where a mapping takes only known keys: the text before which an unknown key is put. */
const OPENINGS = [
  { file: 'sources.yaml', before: 'owner: core\nlocation: raw/accounts/', flow: false },
  { file: 'sources.yaml', before: 'event_time: day', flow: false },
  { file: 'features.yaml', before: 'entity: account_id', flow: false },
  { file: 'features.yaml', before: 'grain: month', flow: true },
  { file: 'features.yaml', before: 'type: double', flow: true },
  { file: 'features.yaml', before: 'column: paid', flow: true },
  { file: 'model.yaml', before: 'risk_tier: high', flow: false },
  { file: 'model.yaml', before: 'source: payments, column', flow: true },
  { file: 'model.yaml', before: 'source: accounts', flow: true },
  { file: 'model.yaml', before: 'kind: out_of_time', flow: true },
  { file: 'model.yaml', before: 'auc: {', flow: true },
  { file: 'model.yaml', before: 'min: 0.7', flow: true },
  { file: 'model.yaml', before: 'cpu: 1', flow: true },
  { file: 'model.yaml', before: 'scheduler: temporal', flow: true },
] as const;

const TEXTS: Readonly<Record<string, string>> = {
  'sources.yaml': SOURCES,
  'features.yaml': FEATURES,
  'model.yaml': MODEL,
};

function placeOf(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n');
  return `${lines.length}:${(lines.at(-1) ?? '').length + 1}`;
}

test('an unknown key is reported at exactly its line and column, whatever stands above it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...OPENINGS),
      fc.stringMatching(/^[a-z_]{0,8}$/),
      fc.nat({ max: 5 }),
      fc.constantFrom('\n', '\r\n'),
      ({ file, before, flow }, tail, blankLines, newline) => {
        const key = `${ODD}${tail}`;
        const original = TEXTS[file] ?? '';
        const at = original.indexOf(before);
        assert.ok(at >= 0, before);
        const broken = `${original.slice(0, at)}${key}: 1${flow ? ', ' : '\n'}${original.slice(at)}`;
        const above = '# a comment\n'.repeat(blankLines);
        const text = `${above}${broken}`.replaceAll('\n', newline);
        const place = placeOf(`${above}${broken}`, above.length + at);
        const files = folder().map((one) => (one.path === file ? { ...one, text } : one));
        const found = loadConfigs(files).problems.filter(({ code }) => code === 'CONFIG_UNKNOWN_KEY');
        assert.deepEqual(
          found.map(({ file: where, line, column }) => `${where}:${line}:${column}`),
          [`${file}:${place}`],
        );
        assert.match(found[0]?.message ?? '', new RegExp(key));
      },
    ),
    { numRuns: 150 },
  );
});

test('whatever the text is, the loader answers and never throws', () => {
  const snippet = fc.constantFrom(
    '---\n',
    'kind: ',
    'Source',
    'Model\n',
    '&a ',
    '*a',
    '[',
    '}',
    '- ',
    '? ',
    ': ',
    '!!x ',
    '"',
    "'",
    '|\n',
    '\t',
    '%YAML 1.1\n',
    '<<: ',
    '~',
    '\u0000',
    '\uFEFF',
    '\u2028',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.oneof(snippet, fc.string({ maxLength: 5 })), { maxLength: 60 })
      .map((parts) => parts.join('')),
    fc.json({ maxDepth: 6 }),
    fc.anything({ maxDepth: 3 }).map((value) => stringify({ kind: 'Model', ...Object(value) })),
  );
  fc.assert(
    fc.property(text, fc.constantFrom('a.yaml', 'a.yml', 'a.sql', '../a.yaml', ''), (content, path) => {
      const { problems } = loadConfigs([{ path, text: content }, ...folder()]);
      for (const problem of problems) {
        assert.ok(problem.line >= 1 && problem.column >= 1, problemText(problem));
        assert.ok(problem.line <= content.split('\n').length + 100);
      }
    }),
    { numRuns: 250 },
  );
});

test('a valid document with any one value changed loads or is reported, and the report names the document', () => {
  const values = fc.oneof(
    fc.anything({
      maxDepth: 2,
      withDate: false,
      withBigInt: false,
      withMap: false,
      withSet: false,
      withTypedArray: false,
      withSparseArray: false,
    }),
    fc.constantFrom('', null, -1, 1e308, [], {}, 'constructor', '__proto__', 'toString'),
  );
  const keys = fc.constantFrom(
    'name',
    'owner',
    'risk_tier',
    'feature_set',
    'label',
    'fairness',
    'estimator',
    'params',
    'seed',
    'split',
    'gates',
    'resources',
    'deploy',
    'card',
    'description',
  );
  fc.assert(
    fc.property(keys, values, (key, value) => {
      const kept = MODEL.split('\n')
        .filter((line) => !line.startsWith(`${key}:`))
        .join('\n');
      const text = `${kept}${stringify({ [key]: value ?? null })}`;
      const { problems } = loadConfigs(folder({ model: text }));
      for (const problem of problems) {
        assert.equal(problem.file, 'model.yaml', problemText(problem));
      }
    }),
    { numRuns: 150 },
  );
});

test('the order of files and documents does not matter', () => {
  const documents = [...SOURCES.split('---\n'), FEATURES, MODEL];
  const expected = loadConfigs(folder()).documents;
  fc.assert(
    fc.property(
      fc.shuffledSubarray(documents, { minLength: documents.length }),
      fc.boolean(),
      (order, oneFile) => {
        const yaml = oneFile
          ? [{ path: 'all.yaml', text: order.join('---\n') }]
          : order.map((text, index) => ({ path: `${index}.yaml`, text }));
        const { documents: found, problems } = loadConfigs([...yaml, { path: 'behaviour.sql', text: SQL }]);
        assert.deepEqual(problems, []);
        assert.deepEqual(found, expected);
      },
    ),
    { numRuns: 60 },
  );
});
