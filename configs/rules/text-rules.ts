import type { ConfigFile, ConfigPath, ConfigProblem } from '../problem.ts';
import type { Fault } from '../schema-problems.ts';
import { hiddenCharacter } from '../visible-text.ts';
import { fault } from './references.ts';

const EXPECTED = 'a text without control characters, characters of no width and marks of text direction';

/** Texts and keys of a document with a character that readers cannot see, however YAML spells it. */
export function textFaults(value: unknown, path: ConfigPath = []): Fault[] {
  if (typeof value === 'string') return hiddenFault(value, path, 'value');
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => textFaults(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [
    ...hiddenFault(key, [...path, key], 'key'),
    ...textFaults(item, [...path, key]),
  ]);
}

function hiddenFault(text: string, path: ConfigPath, at: 'key' | 'value'): Fault[] {
  const hidden = hiddenCharacter(text);
  if (hidden === undefined) return [];
  const message = `the text contains ${hidden.name}, which readers cannot see`;
  return [fault('CONFIG_INVALID_VALUE', path, message, { expected: EXPECTED, ...(at === 'key' && { at }) })];
}

/** The same for a SQL file, comments included: a reviewer must see the query that runs. */
export function sqlTextProblems({ path, text }: ConfigFile): ConfigProblem[] {
  // Some editors begin a file with a byte order mark.
  const hidden = hiddenCharacter(text.replace(/^\uFEFF/, ' '));
  if (hidden === undefined) return [];
  const before = text.slice(0, hidden.index).split('\n');
  return [
    {
      code: 'CONFIG_INVALID_VALUE',
      file: path,
      line: before.length,
      column: (before.at(-1) ?? '').length + 1,
      path,
      message: `the file contains ${hidden.name}, which readers cannot see`,
      expected: EXPECTED,
    },
  ];
}
