import { FILE_KINDS, type FileType, type SqlType } from './column-type.ts';
import { readType, type TypeTokens } from './type-grammar.ts';

/** The words that stand for a simple type in Spark SQL. */
export const SIMPLE_TYPES = new Map([
  ['BOOLEAN', 'boolean'],
  ['TINYINT', 'tinyint'],
  ['BYTE', 'tinyint'],
  ['SMALLINT', 'smallint'],
  ['SHORT', 'smallint'],
  ['INT', 'int'],
  ['INTEGER', 'int'],
  ['BIGINT', 'bigint'],
  ['LONG', 'bigint'],
  ['FLOAT', 'float'],
  ['REAL', 'float'],
  ['DOUBLE', 'double'],
  ['STRING', 'string'],
  ['BINARY', 'binary'],
  ['DATE', 'date'],
  ['TIMESTAMP', 'timestamp'],
  ['TIMESTAMP_LTZ', 'timestamp'],
  ['TIMESTAMP_NTZ', 'timestamp_ntz'],
] as const);

const IN_FILES = new Map([
  ...SIMPLE_TYPES,
  ['VOID', 'void'] as const,
  ...FILE_KINDS.map((kind) => [kind.toUpperCase(), kind] as const),
]);

/** A fault in the text of a type. */
export class TypeFault extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'TypeFault';
  }
}

/** A type by its Spark SQL name, such as `decimal(10,2)`. Throws `TypeFault`. */
export function parseType(text: string): SqlType {
  return parsed(text, SIMPLE_TYPES);
}

/** The same for the type of a column in a file, as `columnsOf` writes it. Throws `TypeFault`. */
export function parseFileType(text: string): FileType {
  return parsed(text, IN_FILES);
}

function parsed<Simple extends string>(text: string, simple: ReadonlyMap<string, Simple>) {
  const tokens = new TextTokens(text);
  const type = readType(tokens, simple);
  tokens.expectEnd();
  return type;
}

const TOKEN = /\s*(?:([A-Za-z_][A-Za-z0-9_]*)|`((?:[^`]|``)*)`|(\d+)|([<>(),:]))/y;
const END = { text: '', upper: '', kind: 'end' } as const;

interface Token {
  readonly kind: 'word' | 'quoted' | 'number' | 'symbol' | 'end';
  readonly text: string;
  readonly upper: string;
  readonly at: number;
}

class TextTokens implements TypeTokens {
  readonly #tokens: readonly Token[];
  readonly #length: number;
  #next = 0;

  constructor(text: string) {
    this.#length = text.length;
    this.#tokens = split(text);
  }

  get #token(): Token {
    return this.#tokens[this.#next] ?? { ...END, at: this.#length };
  }

  take(): Token {
    const token = this.#token;
    this.#next += 1;
    return token;
  }

  skip(symbol: string): boolean {
    const { kind, text } = this.#token;
    if (kind !== 'symbol' || text !== symbol) return false;
    this.#next += 1;
    return true;
  }

  expect(symbol: string): void {
    if (!this.skip(symbol)) throw this.#unexpected(symbol);
  }

  expectAngle(): void {
    this.expect('>');
  }

  wholeNumber(): number {
    const { kind, text } = this.take();
    if (kind !== 'number' || text.length > 9) throw new TypeFault('A decimal needs whole numbers.');
    return Number(text);
  }

  fieldName(): string {
    const { kind } = this.#token;
    if (kind !== 'word' && kind !== 'quoted') throw this.#unexpected('the name of a field');
    return this.take().text;
  }

  expectEnd(): void {
    if (this.#token.kind !== 'end') throw this.#unexpected('the end of the type');
  }

  invalid(what: string): TypeFault {
    return new TypeFault(what);
  }

  unsupported(what: string, instead: string): TypeFault {
    return new TypeFault(`${what} is not supported; ${instead}.`);
  }

  #unexpected(wanted: string): TypeFault {
    const { kind, text } = this.#token;
    return new TypeFault(
      `The type cannot be read: expected ${wanted}, found ${kind === 'end' ? 'its end' : `"${text}"`}.`,
    );
  }
}

function split(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  for (let at = 0; at < end; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const [, word, quoted, number, symbol] = TOKEN.exec(text) ?? [];
    if (word !== undefined) tokens.push({ kind: 'word', text: word, upper: word.toUpperCase(), at });
    else if (quoted !== undefined)
      tokens.push({ kind: 'quoted', text: quoted.replaceAll('``', '`'), upper: '', at });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, upper: number, at });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol, upper: symbol, at });
    else throw new TypeFault(`"${text.slice(at, at + 20)}" is not a type.`);
  }
  return tokens;
}
