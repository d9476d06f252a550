import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '#local/tools.ts';

/** Ticks of a schedule on five days around a change of the clocks, by the rule of `scoring/ticks.ts`. */
export interface ClockChange {
  readonly name: string;
  readonly schedule: string;
  readonly timezone: string;
  /** The first day. */
  readonly from: string;
  readonly ticks: readonly (readonly [at: string, score_date: string])[];
}

/** The table that the tests of Airflow's loader read too. */
export const CLOCK_CHANGES = JSON.parse(
  readFileSync(join(ROOT, 'airflow/test/clock_changes.json'), 'utf8'),
) as readonly ClockChange[];
