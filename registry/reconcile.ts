import type { Attempt } from './attempts.ts';
import type { EmittedSpec, PairState, ScheduledDeployment, WantedSpec } from './pair-state.ts';

/**
 * One step towards the state recorded in the registry. Every step is idempotent. Steps of one lane are taken one after the
 * other, and a failing one holds back those behind it in its lane and no others.
 */
export type Step = {
  readonly lane: string;
  /** Changes when a step in this lane becomes another one, which is tried at once. */
  readonly subject: string;
} & (
  | { readonly kind: 'deploy_approved'; readonly version: number; readonly approved_at: string }
  | { readonly kind: 'promote'; readonly deployment: number; readonly version: number }
  | { readonly kind: 'remove_spec'; readonly emitted: EmittedSpec }
  | {
      readonly kind: 'emit_spec';
      readonly wanted: WantedSpec;
      /** It was lost: days that it would have scored meanwhile are made up for. */
      readonly catch_up: boolean;
    }
  | {
      readonly kind: 'start_archive';
      readonly deployment: number;
      readonly version: number;
      readonly live_until: string;
    }
  | { readonly kind: 'deliver_dossier'; readonly from: number; readonly through: number }
);

export interface Decision {
  /** What to do now: cheap and local steps first, the outside world last. */
  readonly steps: readonly Step[];
  /** UTC instant at which there may be more to do. Undefined: not before the pair changes. */
  readonly next: string | undefined;
  /** Lanes of recorded attempts that no outstanding step needs any more. */
  readonly settled: readonly string[];
}

/**
 * What to do for a pair at the instant `now`. The caller reads the state again after acting and decides again. A promotion
 * comes alone, because it changes everything else, unless it has failed and waits for its next try.
 */
export function decide(state: PairState, now: string): Decision {
  const promotion = promotionStep(state);
  const orders = orderSteps(state);
  const others = [...orders, ...archiveSteps(state), ...dossierSteps(state), ...specSteps(state)];
  const times = [promotion, ...others].flatMap((step) =>
    step === undefined ? [] : [{ step, from: earliest(state, step) }],
  );
  const ready = times.filter(({ from }) => from === undefined || isBefore(from, now)).map(({ step }) => step);
  // Of two approved at the same time, the later one gets the later deployment.
  const [, ...laterOrders] = ready.filter((step) => orders.includes(step));
  const later = times.flatMap(({ from }) => (from === undefined || isBefore(from, now) ? [] : [from]));
  return {
    steps:
      promotion !== undefined && ready.includes(promotion)
        ? [promotion]
        : ready.filter((step) => !laterOrders.includes(step)),
    next: later.toSorted(byTime)[0],
    settled: Object.entries(state.attempts)
      .filter(
        ([lane, { subject }]) => !times.some(({ step }) => step.lane === lane && step.subject === subject),
      )
      .map(([lane]) => lane),
  };
}

/** UTC instant before which a step is not to be taken; undefined: at once. */
function earliest(state: PairState, step: Step): string | undefined {
  const due = step.kind === 'promote' ? nextDue(state)?.live_at : undefined;
  const retry = attemptOf(state, step)?.next_try;
  return [due, retry]
    .filter((time) => time !== undefined)
    .toSorted(byTime)
    .at(-1);
}

function attemptOf(state: PairState, { lane, subject }: Step): Attempt | undefined {
  const attempt = state.attempts[lane];
  return attempt?.subject === subject ? attempt : undefined;
}

function isBefore(time: string, now: string): boolean {
  return Date.parse(time) <= Date.parse(now);
}

function byTime(a: string, b: string): number {
  return Date.parse(a) - Date.parse(b);
}

function promotionStep(state: PairState): Step | undefined {
  const next = nextDue(state);
  if (next === undefined) return undefined;
  const { deployment, version } = next;
  return { lane: 'promote', subject: String(deployment), kind: 'promote', deployment, version };
}

/** Of the step that carries out the order to deploy a version. */
export const orderLane = (version: number): string => `deploy/${version}`;

function orderSteps({ to_deploy }: PairState): readonly Step[] {
  return to_deploy.map(({ version, approved_at, before }) => ({
    lane: orderLane(version),
    subject: before === undefined ? approved_at : `${approved_at} before ${before}`,
    kind: 'deploy_approved',
    version,
    approved_at,
  }));
}

function archiveSteps({ ended }: PairState): readonly Step[] {
  return ended.map(({ deployment, version, live_until }) => ({
    lane: `archive/${deployment}`,
    subject: '',
    kind: 'start_archive',
    deployment,
    version,
    live_until,
  }));
}

function dossierSteps({ dossier: { count, delivered } }: PairState): readonly Step[] {
  if (delivered >= count) return [];
  return [{ lane: 'dossier', subject: '', kind: 'deliver_dossier', from: delivered + 1, through: count }];
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
function specSteps(state: PairState): readonly Step[] {
  const wanted = wantedSpec(state);
  const { emitted } = state;
  const catch_up = state.spec_lost_at !== null;
  const of = { lane: 'spec', subject: wanted === null ? 'none' : termsOf(wanted) } as const;
  if (wanted === null) return emitted === null ? [] : [{ ...of, kind: 'remove_spec', emitted }];
  if (emitted === null) return [{ ...of, kind: 'emit_spec', wanted, catch_up }];
  if (termsOf(emitted) === termsOf(wanted)) return [];
  if (emitted.scheduler === wanted.scheduler) return [{ ...of, kind: 'emit_spec', wanted, catch_up }];
  return [
    { ...of, kind: 'remove_spec', emitted },
    { ...of, kind: 'emit_spec', wanted, catch_up },
  ];
}

function termsOf({ scheduler, schedule, timezone, start }: WantedSpec): string {
  return JSON.stringify([scheduler, schedule, timezone, start]);
}
