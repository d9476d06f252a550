import { posix } from 'node:path';
import {
  type ConfigDocument,
  type ConfigKind,
  type ConfigSet,
  documentKey,
  type DocumentKey,
  withDocuments,
} from './config-set.ts';
import { didYouMean } from './did-you-mean.ts';
import { CONFIG_KINDS, documentSchemas } from './document-schemas.ts';
import type { FeatureSetYaml } from './feature-set.ts';
import { isTestFile } from './feature-tests/test-file.ts';
import { defaultPlatform } from './platform.ts';
import {
  byPlace,
  type ConfigFile,
  type ConfigProblem,
  type LoadedConfigs,
  type LoadOptions,
  pathText,
} from './problem.ts';
import { featureSetFaults } from './rules/feature-set-rules.ts';
import { modelFaults } from './rules/model-rules.ts';
import { namedDocumentFaults } from './rules/named-documents.ts';
import { platformFaults } from './rules/platform-rules.ts';
import { fault, type References } from './rules/references.ts';
import { sourceFaults } from './rules/source-rules.ts';
import { sqlTextProblems, textFaults } from './rules/text-rules.ts';
import { withoutFollowing, yamlFaults } from './rules/yaml-rules.ts';
import { type Fault, schemaFaults, shown } from './schema-problems.ts';
import { MAX_FILE_BYTES, readYamlFile, type YamlDocument } from './yaml-file.ts';

export type { ConfigFile, ConfigProblem, LoadedConfigs, LoadOptions } from './problem.ts';
export type { ConfigSet } from './config-set.ts';

export const noConfigs: ConfigSet = {
  sources: new Map(),
  featureSets: new Map(),
  models: new Map(),
  platform: defaultPlatform,
};

/** Maximum number of faults listed per document. */
const MAX_FAULTS = 200;

interface Written {
  readonly kind: ConfigKind;
  readonly key: DocumentKey;
  readonly yaml: YamlDocument;
  readonly document?: ConfigDocument;
}

/**
 * Reads YAML and SQL files into documents, validates each one and all of them together, and lists every problem with its place.
 * Pure; never throws, whatever the text. Shared by API and CLI.
 */
export function loadConfigs(files: readonly ConfigFile[], options: LoadOptions = {}): LoadedConfigs {
  const existing = options.existing ?? noConfigs;
  const problems: ConfigProblem[] = [];
  const sql = new Map<string, string>();
  const written: Written[] = [];
  const yamlFiles: ConfigFile[] = [];
  for (const file of files) {
    if (isTestFile(file.path)) continue;
    if (/\.ya?ml$/i.test(file.path)) yamlFiles.push(file);
    else if (Buffer.byteLength(file.text) <= MAX_FILE_BYTES) {
      // Some editors begin a file with a byte order mark, which does not belong to the query.
      sql.set(posix.normalize(file.path), file.text.replace(/^\uFEFF/, ''));
      problems.push(...sqlTextProblems(file));
    } else problems.push(tooLarge(file));
  }
  for (const file of yamlFiles) {
    const read = readYamlFile(file);
    problems.push(...read.problems);
    for (const yaml of read.documents) {
      const { one, faults, label } = readDocument(yaml, sql);
      if (one !== undefined) written.push(one);
      problems.push(...firstOf(faults).map((found) => placed(yaml, label, found)));
    }
  }
  problems.push(...duplicates(written));

  const declared = written.map((one) => one.document).filter((document) => document !== undefined);
  const documents = withDocuments(existing, declared);
  const invalid = written.filter((one) => one.document === undefined).map((one) => one.key);
  problems.push(...together(documents, written, { configs: documents, invalid: new Set(invalid) }));
  return { documents, declared, problems: problems.toSorted(byPlace) };
}

function tooLarge(file: ConfigFile): ConfigProblem {
  const message = `the file is larger than ${MAX_FILE_BYTES} bytes`;
  return {
    code: 'CONFIG_FILE_TOO_LARGE',
    file: file.path,
    line: 1,
    column: 1,
    path: file.path,
    message,
  };
}

/** A document with hundreds of faults is probably not a config at all; the first few show that. */
function firstOf(faults: readonly Fault[]): readonly Fault[] {
  const more = faults.length - MAX_FAULTS;
  if (more <= 0) return faults;
  return [
    ...faults.slice(0, MAX_FAULTS),
    fault('CONFIG_INVALID_VALUE', [], `${more} more problems of this document are not listed`),
  ];
}

interface ReadDocument {
  readonly one?: Written;
  readonly faults: readonly Fault[];
  /** Name of the document in messages while it has no key. */
  readonly label: string;
}

function readDocument(yaml: YamlDocument, sql: ReadonlyMap<string, string>): ReadDocument {
  const value = yaml.value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const message = `a document is a mapping, not ${shown(value)}`;
    return { faults: [fault('CONFIG_INVALID_VALUE', [], message)], label: yaml.file };
  }
  const written = 'kind' in value ? value.kind : undefined;
  const kind = CONFIG_KINDS.find((known) => known === written);
  if (kind === undefined) {
    const message = written === undefined ? 'the key kind is missing' : `there is no kind ${shown(written)}`;
    const suggestion = typeof written === 'string' ? didYouMean(written, CONFIG_KINDS) : undefined;
    const expected = CONFIG_KINDS.join(' or ');
    return {
      faults: [fault('CONFIG_UNKNOWN_KIND', ['kind'], message, { expected, suggestion })],
      label: yaml.file,
    };
  }
  const name = 'name' in value && typeof value.name === 'string' ? value.name : '';
  const key = documentKey({ kind, name: kind === 'Platform' ? 'platform' : name });
  const parsed = parseDocument(kind, value);
  const { document } = parsed;
  const found = yamlFaults(yaml);
  const faults = [...withoutFollowing(parsed.faults, found), ...found, ...textFaults(value)];
  const one = { kind, key, yaml };
  if (document?.kind !== 'FeatureSet') {
    return { one: document === undefined ? one : { ...one, document }, faults, label: key };
  }
  const read = withSql(document, key, yaml, sql);
  return { ...read, faults: [...faults, ...read.faults], label: key };
}

/** The rules also check a document whose only faults are unknown keys, so that all its problems show at once. */
function parseDocument(kind: ConfigKind, value: object) {
  const parsed = documentSchemas[kind].safeParse(value);
  if (parsed.success) return { document: parsed.data, faults: [] };
  const faults = schemaFaults(kind, value, parsed.error.issues);
  const known = structuredClone(value);
  for (const found of faults) {
    if (found.code === 'CONFIG_UNKNOWN_KEY') remove(known, found.path);
  }
  const { data: document } = documentSchemas[kind].safeParse(known);
  return { document, faults };
}

function remove(root: unknown, path: readonly (string | number)[]): void {
  const key = path.at(-1);
  const parent = path
    .slice(0, -1)
    .reduce<unknown>(
      (node, step) =>
        typeof node === 'object' && node !== null
          ? (node as Record<string | number, unknown>)[step]
          : undefined,
      root,
    );
  if (key !== undefined && typeof parent === 'object' && parent !== null) Reflect.deleteProperty(parent, key);
}

/** SQL files are looked up relative to the YAML file that names them; the config includes their text. */
function withSql(
  set: FeatureSetYaml,
  key: DocumentKey,
  yaml: YamlDocument,
  sql: ReadonlyMap<string, string>,
): Omit<ReadDocument, 'label'> {
  const folder = posix.dirname(yaml.file);
  const faults: Fault[] = [];
  const textOf = (name: string, path: readonly (string | number)[]): string => {
    const text = sql.get(posix.join(folder, name));
    if (text !== undefined) return text;
    const known = [...sql.keys()].map((file) => posix.relative(folder, file));
    const suggestion = didYouMean(name, known);
    faults.push(
      fault('CONFIG_FILE_MISSING', path, `there is no file ${posix.join(folder, name)}`, { suggestion }),
    );
    return '';
  };
  const document = {
    ...set,
    sql_text: textOf(set.sql, ['sql']),
    macro_texts: set.macros.map((name, index) => textOf(name, ['macros', index])),
  };
  const one = { kind: set.kind, key, yaml };
  return { one: faults.length === 0 ? { ...one, document } : one, faults };
}

function duplicates(written: readonly Written[]): ConfigProblem[] {
  const first = new Map<DocumentKey, Written>();
  return written.flatMap((one) => {
    const earlier = first.get(one.key);
    if (earlier === undefined || one.key.endsWith('/')) {
      first.set(one.key, one);
      return [];
    }
    const { line, column } = earlier.yaml.place(['name'], 'key');
    const message = `${one.key} is already declared at ${earlier.yaml.file}:${line}:${column}`;
    return [placed(one.yaml, one.key, fault('CONFIG_DUPLICATE', ['name'], message))];
  });
}

/** Checks the rules between documents: for new documents, and for applied ones that a new document would break. */
function together(
  documents: ConfigSet,
  written: readonly Written[],
  references: References,
): ConfigProblem[] {
  const readable = written.filter((one) => one.document !== undefined);
  const yamls = new Map(readable.map((one) => [one.key, one.yaml]));
  const all: ConfigDocument[] = [
    ...documents.sources.values(),
    ...documents.featureSets.values(),
    ...documents.models.values(),
    documents.platform,
  ];
  const unread = written.filter((one) => one.document === undefined);
  const named = unread.flatMap(({ kind, key, yaml }) =>
    namedDocumentFaults(kind, yaml.value, references).map((found) => placed(yaml, key, found)),
  );
  const ruled = all.flatMap((document) => {
    const key = documentKey(document);
    const yaml = yamls.get(key) ?? { file: `applied ${key}`, place: () => ({ line: 1, column: 1 }) };
    return documentFaults(document, references).map((found) => placed(yaml, key, found));
  });
  return [...named, ...ruled];
}

function documentFaults(document: ConfigDocument, references: References): Fault[] {
  if (document.kind === 'Source') return sourceFaults(document, references);
  if (document.kind === 'FeatureSet') return featureSetFaults(document, references);
  return document.kind === 'Model' ? modelFaults(document, references) : platformFaults(document);
}

function placed(yaml: Pick<YamlDocument, 'file' | 'place'>, label: string, found: Fault): ConfigProblem {
  const path = pathText(found.path);
  return {
    code: found.code,
    file: yaml.file,
    ...yaml.place(found.path, found.at),
    path: path === '' ? label : `${label}: ${path}`,
    message: found.message,
    ...(found.expected !== undefined && { expected: found.expected }),
    ...(found.suggestion !== undefined && { suggestion: found.suggestion }),
  };
}
