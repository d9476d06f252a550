import type { EmittedSpec, PairState, ScheduledDeployment, WantedSpec } from './pair-state.ts';

/** One step towards the state recorded in the registry. Every step is idempotent. */
export type Action =
  | { readonly kind: 'promote'; readonly deployment: number; readonly version: number }
  | { readonly kind: 'remove_spec'; readonly emitted: EmittedSpec }
  | { readonly kind: 'emit_spec'; readonly wanted: WantedSpec }
  | {
      readonly kind: 'start_archive';
      readonly deployment: number;
      readonly version: number;
      readonly live_until: string;
    }
  | { readonly kind: 'deliver_dossier'; readonly from: number; readonly through: number }
  /** No work until this UTC instant, when a scheduled deployment is due. */
  | { readonly kind: 'wait'; readonly until: string };

/**
 * The actions for a pair at the instant `now`, in this order; `[]` or a single `wait` when there is nothing to do.
 * The caller reads the state again after acting and decides again. A promotion is returned alone, because it changes
 * everything else.
 *
 * @param archiving deployments that this reconciler is already archiving; they stay in the state until noted.
 */
export function decide(state: PairState, now: string, archiving: readonly number[] = []): readonly Action[] {
  const next = nextDue(state);
  if (next !== undefined && isDue(next, now)) {
    return [{ kind: 'promote', deployment: next.deployment, version: next.version }];
  }
  const actions: Action[] = [...specActions(state)];
  for (const { deployment, version, live_until } of state.ended) {
    if (!archiving.includes(deployment)) {
      actions.push({ kind: 'start_archive', deployment, version, live_until });
    }
  }
  const { count, delivered } = state.dossier;
  if (delivered < count) actions.push({ kind: 'deliver_dossier', from: delivered + 1, through: count });
  if (next !== undefined) actions.push({ kind: 'wait', until: next.live_at });
  return actions;
}

/** The next scheduled deployment to promote: earliest `live_at`, then lowest number. */
export function nextDue(state: Pick<PairState, 'scheduled'>): ScheduledDeployment | undefined {
  return state.scheduled.toSorted(promotionOrder)[0];
}

export function promotionOrder(a: ScheduledDeployment, b: ScheduledDeployment): number {
  return Date.parse(a.live_at) - Date.parse(b.live_at) || a.deployment - b.deployment;
}

export function isDue(scheduled: Pick<ScheduledDeployment, 'live_at'>, now: string): boolean {
  return Date.parse(scheduled.live_at) <= Date.parse(now);
}

/** The scheduler that the pair's scoring should have; null while no version is live. */
export function wantedSpec(state: Pick<PairState, 'live' | 'first_live_at'>): WantedSpec | null {
  if (state.live === null || state.first_live_at === null) return null;
  const { scheduler, schedule, timezone } = state.live;
  return { scheduler, schedule, timezone, start: state.first_live_at };
}

/** A change of scheduler removes the old schedule first, so that no day is scored by both. */
function specActions(state: PairState): readonly Action[] {
  const wanted = wantedSpec(state);
  const { emitted } = state;
  if (wanted === null) return emitted === null ? [] : [{ kind: 'remove_spec', emitted }];
  if (emitted === null) return [{ kind: 'emit_spec', wanted }];
  if (sameSpec(emitted, wanted)) return [];
  if (emitted.scheduler === wanted.scheduler) return [{ kind: 'emit_spec', wanted }];
  return [
    { kind: 'remove_spec', emitted },
    { kind: 'emit_spec', wanted },
  ];
}

function sameSpec(a: WantedSpec, b: WantedSpec): boolean {
  return (
    a.scheduler === b.scheduler &&
    a.schedule === b.schedule &&
    a.timezone === b.timezone &&
    a.start === b.start
  );
}
