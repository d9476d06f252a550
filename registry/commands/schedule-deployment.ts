import type { DeployConfig } from '#configs/model.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { replacedByHand, sameScheduled, type ByHand } from '../deployments/by-hand.ts';
import { cancelScheduled } from '../deployments/cancel-scheduled.ts';
import { commitToPair, type Change, type Put, type RegistryStore } from '../commit-to-pair.ts';
import type { Entities } from '../entities.ts';
import { withoutOrder } from '../deployments/orders.ts';
import { nextDeploymentNumber, type Deployment } from '../deployments/deployment.ts';
import { utcInstant } from '../instant.ts';
import { requireApprovalsUntil } from '../versions/judgement.ts';
import { moveStage } from '../transition-items.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import type { PairState, ScheduledDeployment } from '../pair-state.ts';
import { readStage } from '../read-items.ts';
import { promotionOrder } from '../reconcile.ts';
import { stageWhenScheduled } from '../versions/transitions.ts';

/** They are stored in the head, which must fit into one item. */
const MOST_SCHEDULED = 50;

export interface ScheduleDeployment {
  readonly pair: Pair;
  /** A number that the caller has reserved; default: the next free one. */
  readonly deployment?: number;
  readonly version: number;
  readonly scheduler: DeployConfig['scheduler'];
  readonly schedule: string;
  readonly timezone: string;
  /** The policy that `liveAt` follows from. */
  readonly goLive?: DeployConfig['go_live'];
  /** UTC instant. */
  readonly liveAt: string;
  readonly principal: string;
  /** Present when a person asks, who must know of deployments that are scheduled already. */
  readonly byHand?: ByHand;
  /** An order is carried out, which was given before the version was approved. */
  readonly onApproval?: true;
  readonly commandId: string;
}

/**
 * Writes a scheduled deployment. An approved version becomes scheduled; a live one (new terms) or an archived one
 * (rollback) keeps its stage until it is promoted. Throws `VERSION_NOT_FOUND`, `VERSION_NOT_APPROVED`,
 * `VERSION_WITHDRAWN`, `APPROVAL_EXPIRED`, `DEPLOYMENT_NUMBER_TAKEN`, `DEPLOYMENTS_TOO_MANY`; by hand also
 * `DEPLOYMENT_ALREADY_SCHEDULED`, `DEPLOYMENT_NOT_SCHEDULED`.
 */
export async function scheduleDeployment(
  store: RegistryStore,
  input: ScheduleDeployment,
): Promise<Deployment> {
  const command = {
    pair: input.pair,
    kind: 'schedule',
    commandId: input.commandId,
    subject: subjectOf(input),
  };
  return commitToPair<Deployment>(store, command, (state, { at }) => scheduleIn(store, state, at, input));
}

/** The change that schedules a deployment, decided from a state of the pair. Throws like `scheduleDeployment`. */
export async function scheduleIn(
  store: RegistryStore,
  state: PairState,
  at: string,
  input: Omit<ScheduleDeployment, 'commandId'>,
): Promise<Change<Deployment>> {
  const { entities } = store;
  const { pair, version, byHand, principal } = input;
  const live_at = utcInstant(input.liveAt);
  const deployment = input.deployment ?? nextDeploymentNumber(state);
  const known = await readStage(entities, pair, version);
  const { stage } = known;
  const to = stageWhenScheduled(version, stage);
  // A version that was live before keeps the approvals it went live with: a rollback must not wait for people.
  if (to === 'scheduled') requireApprovalsUntil(version, known, live_at);
  if (input.deployment !== undefined) await refuseTaken(entities, pair, input.deployment, state);
  const terms = { ...termsOf(input), live_at, requested_by: principal, created_at: at };
  const same = byHand && (await sameScheduled(entities, pair, state, { wanted: terms, byHand }));
  if (same !== undefined) return { head: {}, entries: [], items: [], result: same };
  const replaced = byHand && replacedByHand(pair, state, byHand);
  const left = state.scheduled.filter((one) => one !== replaced);
  refuseTooMany(pair, left);
  const scheduled = [...left, { deployment, version, live_at }].toSorted(promotionOrder);
  const replacement = { pair, replaced, scheduled, deployment, principal, at };
  const cancelled = await cancelReplaced(store, replacement);
  return {
    head: {
      last_deployment: Math.max(state.last_deployment, deployment),
      scheduled,
      ...withoutOrder(state, version),
    },
    entries: [
      ...cancelled.entries,
      {
        kind: 'deployment_scheduled',
        at,
        principal,
        facts: { deployment, ...terms, rollback: stage === 'archived' },
      },
    ],
    items: [
      {
        Put: entities.deployment.create({ ...pair, deployment, status: 'scheduled', terms }).params<Put>(),
      },
      ...cancelled.items,
      ...(to === stage ? [] : [moveStage(entities, pair, version, { from: stage, to, at })]),
    ],
    result: { ...pair, deployment, ...terms, status: 'scheduled' },
  };
}

function termsOf(input: Omit<ScheduleDeployment, 'commandId'>) {
  const { version, scheduler, schedule, timezone, goLive: go_live, onApproval: on_approval } = input;
  return {
    version,
    scheduler,
    schedule,
    timezone,
    ...(go_live === undefined ? {} : { go_live }),
    ...(on_approval === undefined ? {} : { on_approval }),
  };
}

/** A reserved number names the request; without one, its terms do. */
function subjectOf(input: ScheduleDeployment): Readonly<Record<string, unknown>> {
  const { deployment, version, byHand } = input;
  if (deployment !== undefined) return { deployment, version };
  return { ...termsOf(input), replaces: byHand?.replaces ?? null, beside: byHand?.beside ?? null };
}

interface Replacement {
  readonly pair: Pair;
  readonly replaced: ScheduledDeployment | undefined;
  /** The scheduled deployments afterwards, with the new one. */
  readonly scheduled: readonly ScheduledDeployment[];
  /** The new deployment. */
  readonly deployment: number;
  readonly principal: string;
  readonly at: string;
}

async function cancelReplaced(
  { entities }: RegistryStore,
  { pair, replaced, scheduled, deployment, principal, at }: Replacement,
): Promise<Pick<Change<unknown>, 'entries' | 'items'>> {
  if (replaced === undefined) return { entries: [], items: [] };
  const { version } = replaced;
  const { stage } = await readStage(entities, pair, version);
  const reason = `Replaced by deployment ${deployment}.`;
  const facts = { deployment: replaced.deployment, version, reason };
  return {
    entries: [{ kind: 'deployment_cancelled', at, principal, facts }],
    items: cancelScheduled(entities, pair, { ...replaced, stage, left: scheduled, at }),
  };
}

function refuseTooMany(pair: Pair, scheduled: readonly ScheduledDeployment[]): void {
  if (scheduled.length < MOST_SCHEDULED) return;
  throw new MillraceError(
    'DEPLOYMENTS_TOO_MANY',
    `The pair ${pairKey(pair)} has ${scheduled.length} scheduled deployments.`,
    { where: pairKey(pair), details: { scheduled: scheduled.map((one) => one.deployment) } },
  );
}

/** Throws `DEPLOYMENT_NUMBER_TAKEN`. */
async function refuseTaken(
  entities: Entities,
  pair: Pair,
  deployment: number,
  { last_deployment }: Pick<PairState, 'last_deployment'>,
): Promise<void> {
  const { data } = await entities.deployment.get({ ...pair, deployment }).go({ consistent: true });
  if (data === null) return;
  throw new MillraceError(
    'DEPLOYMENT_NUMBER_TAKEN',
    `The pair ${pairKey(pair)} has a deployment ${deployment}.`,
    {
      where: pairKey(pair),
      details: { deployment, next: Math.max(last_deployment, deployment) + 1 },
    },
  );
}
