import type { ConfigFile } from '#configs/problem.ts';

/** The example that a bench runs: its config files, and what they name. */
export interface Example {
  readonly files: readonly ConfigFile[];
  readonly model: string;
  readonly set: string;
  /** First and last partition date. */
  readonly from: string;
  readonly to: string;
  /** First date on which the newest partition's labels are complete. */
  readonly asOf: string;
}
