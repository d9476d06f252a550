import type { DeployConfig } from '#configs/model.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { commitToPair, type Put, type RegistryStore } from '../commit-to-pair.ts';
import type { Deployment } from '../deployment.ts';
import { utcInstant } from '../instant.ts';
import { requireApprovalsUntil } from '../judgement.ts';
import { moveStage } from '../transition-items.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import { readStage } from '../read-items.ts';
import { promotionOrder } from '../reconcile.ts';
import { stageWhenScheduled } from '../transitions.ts';

/** They are stored in the head, which must fit into one item. */
const MOST_SCHEDULED = 50;

export interface ScheduleDeployment {
  readonly pair: Pair;
  /** The deployment number that the caller requests; any free number. */
  readonly deployment: number;
  readonly version: number;
  readonly scheduler: DeployConfig['scheduler'];
  readonly schedule: string;
  readonly timezone: string;
  /** UTC instant. */
  readonly liveAt: string;
  readonly principal: string;
  readonly commandId: string;
}

/**
 * Writes a scheduled deployment. An approved version becomes scheduled; a live one (new terms) or an archived one
 * (rollback) keeps its stage until it is promoted. Throws `VERSION_NOT_FOUND`, `VERSION_NOT_APPROVED`,
 * `APPROVAL_EXPIRED`, `DEPLOYMENT_NUMBER_TAKEN`, `DEPLOYMENTS_TOO_MANY`.
 */
export async function scheduleDeployment(
  store: RegistryStore,
  input: ScheduleDeployment,
): Promise<Deployment> {
  const { entities } = store;
  const { pair, deployment, version, commandId } = input;
  const live_at = utcInstant(input.liveAt);
  const subject = { deployment, version };
  return commitToPair<Deployment>(
    store,
    { pair, kind: 'schedule', commandId, subject },
    async (state, { at }) => {
      const [known, taken] = await Promise.all([
        readStage(entities, pair, version),
        entities.deployment.get({ ...pair, deployment }).go({ consistent: true }),
      ]);
      const { stage } = known;
      const to = stageWhenScheduled(version, stage);
      // A version that was live before keeps the approvals it went live with: a rollback must not wait for people.
      if (to === 'scheduled') requireApprovalsUntil(version, known, live_at);
      if (taken.data !== null) throw numberTaken(pair, deployment, state.last_deployment);
      if (state.scheduled.length >= MOST_SCHEDULED) {
        throw new MillraceError(
          'DEPLOYMENTS_TOO_MANY',
          `The pair ${pairKey(pair)} has ${state.scheduled.length} scheduled deployments.`,
          { where: pairKey(pair), details: { scheduled: state.scheduled.map((one) => one.deployment) } },
        );
      }
      const terms = {
        version,
        scheduler: input.scheduler,
        schedule: input.schedule,
        timezone: input.timezone,
        live_at,
        requested_by: input.principal,
        created_at: at,
      };
      return {
        head: {
          last_deployment: Math.max(state.last_deployment, deployment),
          scheduled: [...state.scheduled, { deployment, version, live_at }].toSorted(promotionOrder),
        },
        entries: [
          {
            kind: 'deployment_scheduled',
            at,
            principal: input.principal,
            facts: { deployment, ...terms, rollback: stage === 'archived' },
          },
        ],
        items: [
          {
            Put: entities.deployment
              .create({ ...pair, deployment, status: 'scheduled', terms })
              .params<Put>(),
          },
          ...(to === stage ? [] : [moveStage(entities, pair, version, { from: stage, to, at })]),
        ],
        result: { ...pair, deployment, ...terms, status: 'scheduled' },
      };
    },
  );
}

function numberTaken(pair: Pair, deployment: number, last: number): MillraceError {
  return new MillraceError(
    'DEPLOYMENT_NUMBER_TAKEN',
    `The pair ${pairKey(pair)} has a deployment ${deployment}.`,
    {
      where: pairKey(pair),
      details: { deployment, next: Math.max(last, deployment) + 1 },
    },
  );
}
