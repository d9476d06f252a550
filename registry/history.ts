import type { Deployment } from './deployment.ts';

/** A time in which one version was live: from `live_from` on, up to but without `live_until`. */
export interface LiveInterval {
  readonly deployment: number;
  readonly version: number;
  /** UTC instants. */
  readonly live_from: string;
  /** Null while it lasts. */
  readonly live_until: string | null;
}

/** The live times of a pair, oldest first. They never overlap. */
export function liveIntervals(deployments: readonly Deployment[]): readonly LiveInterval[] {
  return deployments
    .flatMap(({ deployment, version, live_from, live_until }) =>
      live_from === undefined ? [] : [{ deployment, version, live_from, live_until: live_until ?? null }],
    )
    .toSorted((a, b) => Date.parse(a.live_from) - Date.parse(b.live_from));
}

/** The one that was live at an instant. */
export function intervalAt(intervals: readonly LiveInterval[], instant: string): LiveInterval | undefined {
  const at = Date.parse(instant);
  return intervals.find(
    ({ live_from, live_until }) =>
      Date.parse(live_from) <= at && (live_until === null || at < Date.parse(live_until)),
  );
}

/** The version to go back to: the one that was live last, other than the one that is. */
export function rollbackTarget(intervals: readonly LiveInterval[]): number | undefined {
  const last = intervals.at(-1);
  if (last === undefined) return undefined;
  if (last.live_until !== null) return last.version;
  return intervals.findLast(({ version }) => version !== last.version)?.version;
}
