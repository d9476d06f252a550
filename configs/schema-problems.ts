import type { z } from 'zod';
import type { ErrorCode } from '#errors/catalogue.ts';
import { didYouMean } from './did-you-mean.ts';
import { jsonSchemaOf, type JsonSchema, type WrittenKind } from './document-schemas.ts';
import { type ConfigPath, pathText } from './problem.ts';

type Issue = z.core.$ZodIssue;

/** A problem inside one document, before its place in the file is known. */
export interface Fault {
  readonly code: ErrorCode;
  readonly path: ConfigPath;
  /** Whether to point at the key or at its value. */
  readonly at: 'key' | 'value';
  readonly message: string;
  readonly expected?: string;
  readonly suggestion?: string;
}

/** Converts zod issues into faults that state the expected form and suggest the word meant. */
export function schemaFaults(kind: WrittenKind, value: unknown, issues: readonly Issue[]): Fault[] {
  return issues.flatMap((issue) => faultsOf(kind, value, issue, pathOf(issue.path)));
}

function faultsOf(kind: WrittenKind, root: unknown, issue: Issue, path: ConfigPath): Fault[] {
  const value = valueAt(root, path);
  if (issue.code === 'unrecognized_keys') return unknownKeys(kind, path, issue.keys);
  if (issue.code === 'invalid_union') return unionFaults(kind, root, issue, path);
  if (value === undefined) {
    const expected = expectation(issue);
    const key = String(path.at(-1));
    const message = `the key ${key} is missing`;
    return [{ code: 'CONFIG_MISSING_KEY', path, at: 'value', message, ...(expected && { expected }) }];
  }
  if (issue.code === 'invalid_key') {
    const [inner] = issue.issues;
    const message = `${shown(path.at(-1))} cannot be a key here`;
    return [
      { code: 'CONFIG_INVALID_VALUE', path, at: 'key', message, ...(inner && { expected: inner.message }) },
    ];
  }
  if (issue.code === 'custom') {
    const { expected, suggestion } = hintsOf(issue.params);
    return [invalid(path, issue.message, expected, suggestion)];
  }
  const expected = expectation(issue);
  const suggestion =
    issue.code === 'invalid_value' && typeof value === 'string'
      ? didYouMean(value, issue.values.map(String))
      : undefined;
  return [invalid(path, `${shown(value)} is not allowed here`, expected, suggestion)];
}

/** What a rule of our own expects and suggests, such as that of types. */
function hintsOf(params: Readonly<Record<string, unknown>> = {}): {
  readonly expected: string | undefined;
  readonly suggestion: string | undefined;
} {
  const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return { expected: textOf(params['expected']), suggestion: textOf(params['suggestion']) };
}

/** Reports only the branch of a union that the person most likely meant: the one whose keys and type fit best. */
function unionFaults(
  kind: WrittenKind,
  root: unknown,
  issue: z.core.$ZodIssueInvalidUnion,
  path: ConfigPath,
): Fault[] {
  const value = valueAt(root, path);
  if ('discriminator' in issue && typeof issue.discriminator === 'string') {
    const options = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
    if (value === undefined) {
      const message = `the key ${issue.discriminator} is missing`;
      return [{ code: 'CONFIG_MISSING_KEY', path, at: 'value', message, expected: options.join(' or ') }];
    }
    const suggestion = typeof value === 'string' ? didYouMean(value, options) : undefined;
    return [invalid(path, `${shown(value)} is not allowed here`, options.join(' or '), suggestion)];
  }
  if (value === undefined) {
    const message = `the key ${String(path.at(-1))} is missing`;
    const expected = expectations(issue.errors.flat());
    return [{ code: 'CONFIG_MISSING_KEY', path, at: 'value', message, ...(expected && { expected }) }];
  }
  const fitting = issue.errors.filter((branch) => !branch.some(isOfOtherType));
  const [best, second] = fitting.toSorted((a, b) => misfit(a) - misfit(b));
  if (best === undefined) {
    const expected = expectations(issue.errors.flat());
    return [invalid(path, `${shown(value)} is not allowed here`, expected, undefined)];
  }
  if (second !== undefined && misfit(best) === misfit(second)) {
    const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
    const known = knownKeys(kind, path);
    const unknown = keys.filter((key) => !known.includes(key));
    if (unknown.length > 0) return unknownKeys(kind, path, unknown);
    const missing = fitting.flat().map(({ path: at }) => String(at[0]));
    if (keys.length > 0 && missing.every((key) => known.includes(key) && !keys.includes(key))) {
      const message = `one of the keys ${missing.join(', ')} is missing`;
      return [{ code: 'CONFIG_MISSING_KEY', path, at: 'value', message }];
    }
    const message = keys.length > 1 ? `${keys.join(' and ')} exclude each other` : `${shown(value)} is empty`;
    return [invalid(path, message, `one of ${known.join(', ')}`, undefined)];
  }
  return best.flatMap((inner) => faultsOf(kind, root, inner, [...path, ...pathOf(inner.path)]));
}

function isOfOtherType(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}

function misfit(branch: readonly Issue[]): number {
  return branch.filter((issue) => issue.code === 'unrecognized_keys' && issue.path.length === 0).length;
}

/** Keys that have moved, and where they are now. */
const MOVED_KEYS: Readonly<Record<string, string>> = { 'Model.deploy.cut_off': 'decision.cut_off' };

function unknownKeys(kind: WrittenKind, path: ConfigPath, keys: readonly string[]): Fault[] {
  const known = knownKeys(kind, path);
  return keys.map((key) => {
    const suggestion = MOVED_KEYS[pathText([kind, ...path, key])] ?? didYouMean(key, known);
    return {
      code: 'CONFIG_UNKNOWN_KEY',
      path: [...path, key],
      at: 'key',
      message: `there is no key ${shown(key)} here`,
      ...(known.length > 0 && { expected: `one of ${known.join(', ')}` }),
      ...(suggestion !== undefined && { suggestion }),
    };
  });
}

function invalid(
  path: ConfigPath,
  message: string,
  expected: string | undefined,
  suggestion: string | undefined,
): Fault {
  return {
    code: 'CONFIG_INVALID_VALUE',
    path,
    at: 'value',
    message,
    ...(expected && { expected }),
    ...(suggestion !== undefined && { suggestion }),
  };
}

/** Names of types as YAML users know them. */
const TYPE_WORDS: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'a mapping',
  record: 'a mapping',
  string: 'text',
};

function expectation(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_WORDS[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.map(String).join(' or ');
    case 'invalid_format':
      return issue.message;
    case 'too_small':
      return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unit(issue.origin)}`;
    case 'too_big':
      return `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unit(issue.origin)}`;
    default:
      return undefined;
  }
}

function expectations(issues: readonly Issue[]): string {
  return [...new Set(issues.filter((issue) => issue.path.length === 0).map(expectation))]
    .filter((text) => text !== undefined)
    .join(' or ');
}

function unit(origin: string): string {
  return origin === 'string' ? ' characters' : origin === 'array' ? ' items' : '';
}

/** Keys allowed in the mapping at a path; for a union, the keys of all its branches. */
function knownKeys(kind: WrittenKind, path: ConfigPath): string[] {
  const root = jsonSchemaOf(kind);
  let schemas = branches(root);
  for (const step of path) {
    schemas = schemas.flatMap((schema): readonly JsonSchema[] => {
      const rest = schema.additionalProperties;
      const inner =
        typeof step === 'number'
          ? schema.items
          : (schema.properties?.[step] ?? (typeof rest === 'object' ? rest : undefined));
      return inner === undefined ? [] : branches(inner);
    });
  }
  return [...new Set(schemas.flatMap((schema) => Object.keys(schema.properties ?? {})))];
}

function branches(schema: JsonSchema): JsonSchema[] {
  const inner = schema.anyOf ?? schema.oneOf;
  return inner === undefined ? [schema] : inner.flatMap(branches);
}

function pathOf(path: readonly PropertyKey[]): ConfigPath {
  return path.map((step) => (typeof step === 'symbol' ? String(step) : step));
}

export function valueAt(root: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string | number, unknown>)[step]
        : undefined,
    root,
  );
}

/** A value as shown in a message: JSON, truncated if long. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
