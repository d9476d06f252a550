import { laterThan, utcInstant } from './instant.ts';

/** The time of one commit round, taken after the head was read. */
export interface Moment {
  /** UTC instant of the clock. */
  readonly at: string;
  /**
   * The earliest UTC instant at which the live version may change: not before `at`, and after every instant for which
   * a change or an answer about the live version is already recorded.
   */
  readonly boundary: string;
}

interface Recorded {
  /** When the live version last changed. */
  readonly last_boundary: string | null;
  /** The latest instant for which somebody was told which version was live. */
  readonly answered_until: string | undefined;
}

const FIRST_LEAD_MS = 20;
const LONGEST_LEAD_MS = 2_000;

/**
 * @param overtaken how often a reader was told about an instant that this commit wanted to change. Each time, the
 *   boundary moves further ahead of the clock, so that steady readers cannot hold a promotion back.
 */
export function momentOf(now: Date, { last_boundary, answered_until }: Recorded, overtaken: number): Moment {
  const at = utcInstant(now.toISOString());
  const lead = overtaken === 0 ? 0 : Math.min(LONGEST_LEAD_MS, FIRST_LEAD_MS * 2 ** overtaken);
  const ahead = new Date(now.getTime() + lead).toISOString();
  return { at, boundary: laterThan(answered_until ?? null, laterThan(last_boundary, ahead)) };
}
