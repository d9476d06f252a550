/** A job that waits for admission. Times are those of the Temporal server, so that no two clocks are compared. */
export interface WaitingJob {
  readonly key: string;
  readonly team: string;
  /** Temporal's priority key: a smaller one goes first. */
  readonly priority: number;
  /** When it began to wait, milliseconds. */
  readonly since: number;
  /** When it asked last, milliseconds. */
  readonly asked_at: number;
  /** By when it asks again, if somebody still wants it, milliseconds. */
  readonly asks_by: number;
}

/** How many jobs may exist at the same time. */
export interface JobLimits {
  readonly in_all: number;
  readonly of_team: (team: string) => number;
}

/** Admitted jobs now. */
export interface Admitted {
  readonly in_all: number;
  /** Teams without a job may be missing or 0. */
  readonly of_team: Readonly<Record<string, number>>;
}

/** Whether a job may have a place now. `ahead` counts the waiting jobs that get the next places before it. */
export type Turn =
  { readonly admitted: true; readonly ahead: number } | ({ readonly admitted: false } & Refusal);

export interface Refusal {
  readonly full: 'in_all' | 'of_team' | 'places_for_others';
  readonly ahead: number;
}

/**
 * Free places go to the waiting jobs by priority, of one priority to the team with the fewest jobs, and of one team to the
 * longest waiting. Jobs of a team that is at its limit take no place. A job that does not ask in time is passed over.
 */
export function turnOf(
  asking: WaitingJob,
  others: readonly WaitingJob[],
  admitted: Admitted,
  limits: JobLimits,
  now: number,
): Turn {
  const waiting = [asking, ...others.filter(({ key, asks_by }) => key !== asking.key && asks_by >= now)];
  const queues = Map.groupBy(waiting.toSorted(before), ({ team }) => team);
  const counts = new Map<string, number>([...queues.keys()].map((team) => [team, countOf(admitted, team)]));
  const isFull = (team: string): boolean => (counts.get(team) ?? 0) >= limits.of_team(team);

  if (isFull(asking.team)) {
    const ahead = (queues.get(asking.team) ?? []).findIndex(({ key }) => key === asking.key);
    return { admitted: false, full: 'of_team', ahead };
  }
  const free = limits.in_all - admitted.in_all;
  for (let ahead = 0; ; ahead += 1) {
    const [next] = [...queues.values()]
      .flatMap(([first]) => (first === undefined || isFull(first.team) ? [] : [first]))
      .toSorted(
        (a, b) =>
          a.priority - b.priority || (counts.get(a.team) ?? 0) - (counts.get(b.team) ?? 0) || before(a, b),
      );
    // A team that is full by the places it is about to get makes way for the others, and its own jobs wait.
    if (next === undefined) return { admitted: false, full: 'places_for_others', ahead };
    if (next.key === asking.key) {
      if (ahead < free) return { admitted: true, ahead };
      return { admitted: false, full: free > 0 ? 'places_for_others' : 'in_all', ahead };
    }
    queues.get(next.team)?.shift();
    counts.set(next.team, (counts.get(next.team) ?? 0) + 1);
  }
}

function before(a: WaitingJob, b: WaitingJob): number {
  return a.priority - b.priority || a.since - b.since || (a.key < b.key ? -1 : 1);
}

function countOf({ of_team }: Admitted, team: string): number {
  return of_team[team] ?? 0;
}
