import type { CodePoints } from './code-points.ts';

/** A regular expression of Java, as far as RE2 has the same. */
export type Regex = CharacterOf | Sequence | Choice | Group | Repeat | Anchor;

/** One character of a set. */
export interface CharacterOf {
  readonly kind: 'character';
  readonly of: CodePoints;
}

export interface Sequence {
  readonly kind: 'sequence';
  readonly items: readonly Regex[];
}

export interface Choice {
  readonly kind: 'choice';
  readonly options: readonly Regex[];
}

export interface Group {
  readonly kind: 'group';
  /** From 1; undefined for one that captures nothing. */
  readonly number: number | undefined;
  readonly of: Regex;
}

export interface Repeat {
  readonly kind: 'repeat';
  readonly of: Regex;
  readonly min: number;
  readonly max: number | undefined;
  readonly lazy: boolean;
}

export interface Anchor {
  readonly kind: 'anchor';
  /** `end` is the end of the text or the place before a last end of line, as Java's `$` and `\Z`. */
  readonly at: 'start' | 'end' | 'very end' | 'word boundary';
}

/** Why a pattern is refused, and what to write instead. */
export class UnsupportedRegex extends Error {
  readonly instead: string;

  constructor(what: string, instead: string) {
    super(what);
    this.name = 'UnsupportedRegex';
    this.instead = instead;
  }
}
