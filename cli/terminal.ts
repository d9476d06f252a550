import type { Environment } from '#configs/environment.ts';

/** Everything a command touches outside of the API. */
export interface Terminal {
  /** Results, and nothing else. */
  readonly out: (text: string) => void;
  /** Progress, hints and errors. */
  readonly err: (text: string) => void;
  /** Whether standard error is a terminal that can redraw a line. */
  readonly redraws: boolean;
  /** Width of standard error in characters, at this moment. */
  readonly columns: () => number;
  /** Read when it is needed: what checks it is slow to load. */
  readonly environment: () => Promise<Environment>;
  readonly folder: string;
}

/** Text from elsewhere must not move the cursor or change colours: control characters other than tab and newline go. */
export function plain(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, '');
}
