import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
  type YAMLMap,
} from 'yaml';
import type { ErrorCode } from '#errors/catalogue.ts';
import type { ConfigFile, ConfigPath, ConfigProblem } from './problem.ts';

/** Maximum size of one YAML or SQL file, in bytes. */
export const MAX_FILE_BYTES = 1024 * 1024;
/** Maximum number of nodes that the aliases of one document may add; guards against a few lines that expand to gigabytes. */
const MAX_ALIASES = 100;
const TOO_MANY = `the expanded aliases add more than ${MAX_ALIASES} nodes`;
/** Maximum nesting depth; configs use six levels. Deeper documents would overflow the stack of a recursive reader. */
const MAX_DEPTH = 100;
/** Maximum number of syntax faults shown per document, since later ones usually follow from the first. */
const MAX_FAULTS = 20;

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** One well-formed document of a file, before validation. */
export interface YamlDocument {
  readonly file: string;
  readonly value: unknown;
  /** A plain value as the file has it, such as `1e400`; undefined if there is none at the path. */
  written(path: ConfigPath): string | undefined;
  /** Place of a value or of its key. If the path does not exist, the place of its nearest existing parent. */
  place(path: ConfigPath, what?: 'key' | 'value'): Place;
}

export interface YamlFile {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly ConfigProblem[];
}

/** Reads the documents of one YAML 1.2 file. Never throws: returns documents or problems for any text. */
export function readYamlFile({ path, text }: ConfigFile): YamlFile {
  // A byte order mark does not count as a character of the first line.
  const file = { path, text: text.replace(/^\uFEFF/, '') };
  const problem = (code: ErrorCode, place: Place, message: string): ConfigProblem => ({
    code,
    file: file.path,
    ...place,
    path: file.path,
    message,
  });
  const start = { line: 1, column: 1 };
  const bytes = Buffer.byteLength(file.text);
  if (bytes > MAX_FILE_BYTES) {
    const message = `the file has ${bytes} bytes, more than the limit of ${MAX_FILE_BYTES}`;
    return { documents: [], problems: [problem('CONFIG_FILE_TOO_LARGE', start, message)] };
  }
  const deep = tooDeep(file.text);
  if (deep !== undefined) {
    const message = `more than ${MAX_DEPTH} brackets are open at once`;
    return { documents: [], problems: [problem('CONFIG_YAML', deep, message)] };
  }

  const lines = new LineCounter();
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const documents: YamlDocument[] = [];
  const problems: ConfigProblem[] = [];
  for (const document of parse(file.text, lines)) {
    const faults = [...document.errors, ...document.warnings];
    for (const fault of faults.slice(0, MAX_FAULTS)) {
      const [message = fault.code] = fault.message.split('\n');
      problems.push(
        problem('CONFIG_YAML', at(fault.pos[0]), message.replace(/ at line \d+, column \d+:?$/, '')),
      );
    }
    if (faults.length > 0 || document.contents === null) continue;
    const content = toValue(document);
    if ('faults' in content) {
      problems.push(...content.faults.map(({ code, offset, fault }) => problem(code, at(offset), fault)));
      continue;
    }
    if (content.value === null) continue;
    documents.push({
      file: file.path,
      value: content.value,
      written: (path) => writtenAt(document.contents, path),
      place: (path, what = 'value') => at(offsetOf(document.contents, path, what)),
    });
  }
  return { documents, problems };
}

function parse(text: string, lines: LineCounter): Document.Parsed[] {
  // The `core` schema keeps dates as text, even if a directive in the file asks for YAML 1.1.
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    schema: 'core',
    prettyErrors: false,
    // Duplicates are found below, since the library's own check is quadratic in the number of keys.
    uniqueKeys: false,
  });
  return Array.isArray(documents) ? documents : [];
}

interface NodeFault {
  readonly code: ErrorCode;
  readonly offset: number;
  readonly fault: string;
}

type Content = { readonly value: unknown } | { readonly faults: readonly NodeFault[] };

function toValue(document: Document.Parsed): Content {
  const faults = nodeFaults(document);
  if (faults.length > 0) return { faults };
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch (error) {
    // The only ReferenceError possible after the check of each node: aliases expand to more than the library's limit.
    if (!(error instanceof ReferenceError)) throw error;
    const offset = document.contents?.range[0] ?? 0;
    return { faults: [{ code: 'CONFIG_ALIASES_TOO_DEEP', offset, fault: TOO_MANY }] };
  }
}

/** Reports what parses as YAML but cannot be converted to plain JSON values without loss. */
function nodeFaults(document: Document.Parsed): NodeFault[] {
  const faults: NodeFault[] = [];
  let aliases = 0;
  visit(document, (_, node, path) => {
    if (isMap(node)) faults.push(...keyFaults(node).slice(0, MAX_FAULTS));
    if (!isNode(node)) return undefined;
    const offset = node.range?.[0] ?? 0;
    if (isAlias(node)) {
      aliases += 1;
      const fault = aliasFault(node, document, path);
      if (fault !== undefined) faults.push({ code: 'CONFIG_YAML', offset, fault });
      else if (aliases > MAX_ALIASES)
        faults.push({ code: 'CONFIG_ALIASES_TOO_DEEP', offset, fault: TOO_MANY });
    } else if (path.length > 2 * MAX_DEPTH) {
      const fault = `values are nested more than ${MAX_DEPTH} levels deep`;
      faults.push({ code: 'CONFIG_YAML', offset, fault });
    }
    return faults.length === 0 ? undefined : visit.BREAK;
  });
  return faults;
}

function keyFaults(map: YAMLMap): NodeFault[] {
  const seen = new Set<string>();
  return map.items.flatMap(({ key }): NodeFault[] => {
    if (!isScalar(key)) return [];
    const name = String(key.value);
    const offset = key.range?.[0] ?? 0;
    if (name === '__proto__') {
      return [{ code: 'CONFIG_UNKNOWN_KEY', offset, fault: 'the key __proto__ is not allowed' }];
    }
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{ code: 'CONFIG_DUPLICATE_KEY', offset, fault: `the key ${name} occurs twice in this mapping` }];
  });
}

function aliasFault(alias: Alias, document: Document.Parsed, path: readonly unknown[]): string | undefined {
  const target = alias.resolve(document);
  if (target === undefined) return `there is no anchor &${alias.source} before this alias`;
  return path.includes(target)
    ? `the alias *${alias.source} refers to the anchor that contains it`
    : undefined;
}

/** The place where flow brackets are nested too deeply, or undefined. Brackets in text count too; no real config has that many. */
function tooDeep(text: string): Place | undefined {
  let depth = 0;
  let line = 1;
  let lineStart = 0;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index];
    if (char === '\n') {
      line += 1;
      lineStart = index + 1;
    } else if (char === '[' || char === '{') {
      depth += 1;
      if (depth > MAX_DEPTH) return { line, column: index - lineStart + 1 };
    } else if ((char === ']' || char === '}') && depth > 0) depth -= 1;
  }
  return undefined;
}

function offsetOf(root: Node | null, path: ConfigPath, what: 'key' | 'value'): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) return offset;
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (!isPair(pair)) return offset;
      const last = index === path.length - 1;
      const shown = what === 'key' && last ? pair.key : (pair.value ?? pair.key);
      next = pair.value;
      offset = rangeStart(shown) ?? rangeStart(pair.key) ?? offset;
    } else if (isSeq(node) && typeof step === 'number') {
      next = node.items[step];
      offset = rangeStart(next) ?? offset;
    } else return offset;
    node = next;
  }
  return offset;
}

function writtenAt(root: Node | null, path: ConfigPath): string | undefined {
  let node: unknown = root;
  for (const step of path) {
    if (isMap(node))
      node = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))?.value;
    else if (isSeq(node) && typeof step === 'number') node = node.items[step];
    else return undefined;
  }
  return isScalar(node) ? node.source : undefined;
}

function rangeStart(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;
}
