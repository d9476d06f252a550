import type { Environment } from '#configs/environment.ts';

/** Everything that a command uses besides the API. */
export interface Terminal {
  /** Writes results, and nothing else. */
  readonly out: (text: string) => void;
  /** Writes progress, hints and errors. */
  readonly err: (text: string) => void;
  /** Whether standard error is a terminal that can redraw a line. */
  readonly redraws: boolean;
  /** Current width of standard error in characters. */
  readonly columns: () => number;
  /** Read only when needed, because its schema is slow to load. */
  readonly environment: () => Promise<Environment>;
  readonly folder: string;
}

/** Removes control characters except tab and newline, so that outside text cannot move the cursor or change colours. */
export function plain(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, '');
}
