import type { Deployment } from './deployment.ts';

/** An interval in which one version was live: from `live_from` (inclusive) to `live_until` (exclusive). */
export interface LiveInterval {
  readonly deployment: number;
  readonly version: number;
  /** UTC instants. */
  readonly live_from: string;
  /** Null while the version is live. */
  readonly live_until: string | null;
}

/** The live intervals of a pair, oldest first. They never overlap. */
export function liveIntervals(deployments: readonly Deployment[]): readonly LiveInterval[] {
  return deployments
    .flatMap(({ deployment, version, live_from, live_until }) =>
      live_from === undefined ? [] : [{ deployment, version, live_from, live_until: live_until ?? null }],
    )
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

/** The rollback target: the version that was live most recently, other than the live one. */
export function rollbackTarget(intervals: readonly LiveInterval[]): number | undefined {
  const last = intervals.at(-1);
  if (last === undefined) return undefined;
  if (last.live_until !== null) return last.version;
  return intervals.findLast(({ version }) => version !== last.version)?.version;
}
