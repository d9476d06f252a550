import { UnsupportedRegex } from './syntax.ts';

/** Reads a pattern character by character; a character beyond the BMP is one. */
export class Reader {
  readonly #characters: readonly string[];
  #next = 0;

  constructor(pattern: string) {
    this.#characters = Array.from(pattern);
  }

  /** Empty at the end. */
  peek(ahead = 0): string {
    return this.#characters[this.#next + ahead] ?? '';
  }

  get isAtEnd(): boolean {
    return this.#next >= this.#characters.length;
  }

  take(): string {
    const found = this.peek();
    this.#next += 1;
    return found;
  }

  skip(text: string): boolean {
    const wanted = Array.from(text);
    if (!wanted.every((character, ahead) => this.peek(ahead) === character)) return false;
    this.#next += wanted.length;
    return true;
  }

  expect(text: string): void {
    if (!this.skip(text)) throw malformed();
  }

  /** Takes what `pattern`, which is sticky, matches. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    const rest = this.#characters.slice(this.#next, this.#next + 200).join('');
    const found = pattern.exec(rest);
    if (found === null || found.index !== 0) return undefined;
    this.#next += Array.from(found[0]).length;
    return found;
  }
}

export function malformed(): UnsupportedRegex {
  return new UnsupportedRegex('A malformed regular expression', 'correct the pattern');
}
