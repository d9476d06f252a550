import { invalid, type SqlFault } from '../fault.ts';
import type { Expression, Query } from '../syntax.ts';
import { type Token, tokens } from './tokens.ts';

/** How deeply brackets and subqueries may nest. It bounds the stack of the parser. */
const MAX_DEPTH = 200;

/**
 * Levels of the tree, of which each operator of a chain such as `a + b + c` makes one. It bounds the stack of all later steps
 * and of DuckDB, which gets several levels for some operators.
 */
const MAX_LEVELS = 300;

/** The rules that refer to each other, and so are reached through the cursor. */
export interface Grammar {
  readonly query: (cursor: Cursor) => Query;
  readonly expression: (cursor: Cursor) => Expression;
  /** An expression without AND, OR, NOT and predicates, as the bounds of BETWEEN need it. */
  readonly value: (cursor: Cursor) => Expression;
}

/** Reads the tokens of a query from left to right. */
export class Cursor {
  readonly #tokens: Token[];
  readonly #grammar: Grammar;
  readonly #sql: string;
  #next = 0;
  #depth = 0;
  /** Levels of the tree of what was read so far inside the innermost bracket. */
  #levels = 0;

  constructor(sql: string, grammar: Grammar) {
    this.#sql = sql;
    this.#tokens = tokens(sql);
    this.#grammar = grammar;
  }

  get token(): Token {
    return this.peek(0);
  }

  get at(): number {
    return this.token.at;
  }

  /** Offset after the token read last. */
  get lastEnd(): number {
    return this.#tokens[this.#next - 1]?.end ?? 0;
  }

  /** What was written from an offset to the token read last. */
  textFrom(at: number): string {
    return this.#sql.slice(at, this.lastEnd);
  }

  peek(ahead: number): Token {
    const last = this.#tokens.at(-1);
    const token = this.#tokens[this.#next + ahead] ?? last;
    if (token === undefined) throw new TypeError('A query has no tokens.');
    return token;
  }

  /** Whether the next tokens are these words or symbols. */
  is(...texts: readonly string[]): boolean {
    return texts.every((text, ahead) => this.peek(ahead).upper === text);
  }

  isOneOf(texts: readonly string[]): boolean {
    return texts.includes(this.token.upper);
  }

  take(): Token {
    const { token } = this;
    if (token.kind !== 'end') this.#next += 1;
    return token;
  }

  /** Takes the words or symbols if they come next. */
  skip(...texts: readonly string[]): boolean {
    if (!this.is(...texts)) return false;
    this.#next += texts.length;
    return true;
  }

  expect(...texts: readonly string[]): void {
    for (const text of texts) if (!this.skip(text)) throw this.unexpected(text);
  }

  /** Takes one `>`, also of a `>>` or `>>>` that closes nested types. */
  expectAngle(): void {
    const { token } = this;
    if (!/^>+$/.test(token.text)) throw this.unexpected('>');
    if (token.text.length === 1) this.#next += 1;
    else {
      const rest = token.text.slice(1);
      this.#tokens[this.#next] = { ...token, text: rest, upper: rest, at: token.at + 1 };
    }
  }

  unexpected(wanted: string): SqlFault {
    const { token } = this;
    const found = token.kind === 'end' ? 'the end of the query' : `"${token.text}"`;
    return invalid(`The SQL cannot be read: expected ${wanted}, found ${found}.`, token.at);
  }

  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.skip(',')) items.push(item());
    return items;
  }

  bracketed<T>(inner: () => T): T {
    this.expect('(');
    const found = inner();
    this.expect(')');
    return found;
  }

  query(): Query {
    return this.deeper(() => this.#grammar.query(this));
  }

  expression(): Expression {
    return this.deeper(() => this.#grammar.expression(this));
  }

  value(): Expression {
    return this.deeper(() => this.#grammar.value(this));
  }

  deeper<T>(inner: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH)
      throw invalid(`The query nests more than ${MAX_DEPTH} levels deep.`, this.at, { levels: MAX_DEPTH });
    const found = this.beside(() => {
      const read = inner();
      this.#levels += 1;
      return read;
    });
    this.#depth -= 1;
    return found;
  }

  /** Reads what comes after an operator whose other side was read before, so that the tree has one level more. */
  onto<T>(inner: () => T): T {
    const { at } = this;
    const found = this.beside(inner);
    this.#levels += 1;
    if (this.#depth + this.#levels > MAX_LEVELS)
      throw invalid(
        `The query chains or nests more than ${MAX_LEVELS} operators, joins or queries; use subqueries or functions of many arguments.`,
        at,
        { levels: MAX_LEVELS },
      );
    return found;
  }

  /** Reads what stands beside something on the same level of the tree. */
  beside<T>(inner: () => T): T {
    const before = this.#levels;
    this.#levels = 0;
    const found = inner();
    this.#levels = Math.max(before, this.#levels);
    return found;
  }

  /** Tries a reading that may not fit; steps back if it gives undefined. */
  attempt<T>(reading: () => T | undefined): T | undefined {
    const start = this.#next;
    const found = reading();
    if (found === undefined) this.#next = start;
    return found;
  }
}
