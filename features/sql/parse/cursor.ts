import { invalid, type SqlFault } from '../fault.ts';
import type { Expression, Query } from '../syntax.ts';
import { type Token, tokens } from './tokens.ts';

/** How deeply brackets, subqueries and operators may nest. It bounds the stack of all later steps. */
const MAX_DEPTH = 200;

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
    const found = inner();
    this.#depth -= 1;
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
