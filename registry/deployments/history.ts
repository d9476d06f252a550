import type { Deployment, EndedBy } from './deployment.ts';

/** An interval in which one version was live: from `live_from` (inclusive) to `live_until` (exclusive). */
export interface LiveInterval {
  readonly deployment: number;
  readonly version: number;
  /** UTC instants. */
  readonly live_from: string;
  /** Null while the version is live. */
  readonly live_until: string | null;
  /** Absent while the version is live. */
  readonly ended_by?: EndedBy;
}

/** The live intervals of a pair, oldest first. They never overlap. */
export function liveIntervals(deployments: readonly Deployment[]): readonly LiveInterval[] {
  return deployments
    .flatMap(({ deployment, version, live_from, live_until = null, ended_by }) => {
      if (live_from === undefined) return [];
      const interval = { deployment, version, live_from, live_until };
      return [ended_by === undefined ? interval : { ...interval, ended_by }];
    })
    .toSorted((a, b) => Date.parse(a.live_from) - Date.parse(b.live_from));
}

/** The interval that contains an instant. */
export function intervalAt(intervals: readonly LiveInterval[], instant: string): LiveInterval | undefined {
  const at = Date.parse(instant);
  return intervals.find(
    ({ live_from, live_until }) =>
      Date.parse(live_from) <= at && (live_until === null || at < Date.parse(live_until)),
  );
}

/**
 * The versions that a rollback may lead to by itself, the one that was live most recently first. None while no version
 * is live. A version that somebody took out of live by hand, by archiving or by a rollback, is not among them until it
 * has been live again and was replaced.
 */
export function rollbackCandidates(intervals: readonly LiveInterval[]): readonly number[] {
  const live = intervals.at(-1);
  if (live === undefined || live.live_until !== null) return [];
  const last = new Map(intervals.map((interval) => [interval.version, interval]));
  return [...last.values()]
    .filter(({ version, ended_by }) => version !== live.version && ended_by === 'replaced')
    .toSorted((a, b) => Date.parse(b.live_from) - Date.parse(a.live_from))
    .map(({ version }) => version);
}
