import { MillraceError } from '#errors/millrace-error.ts';
import { cancelScheduled } from '../deployments/cancel-scheduled.ts';
import { commitToPair, type RegistryStore } from '../commit-to-pair.ts';
import type { Deployment } from '../deployments/deployment.ts';
import { requireReason } from '../versions/judgement.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import { readDeployment, readStage } from '../read-items.ts';

export interface CancelDeployment {
  readonly pair: Pair;
  readonly deployment: number;
  readonly principal: string;
  readonly reason: string;
  readonly commandId: string;
}

/**
 * Cancels a deployment before it goes live. If the version has no other scheduled deployment, it becomes approved
 * again. Throws `DEPLOYMENT_NOT_FOUND`, `DEPLOYMENT_NOT_SCHEDULED`, `REASON_MISSING`.
 */
export async function cancelDeployment(store: RegistryStore, input: CancelDeployment): Promise<Deployment> {
  const { entities } = store;
  const { pair, deployment, principal, reason, commandId } = input;
  const subject = { deployment };
  return commitToPair<Deployment>(
    store,
    { pair, kind: 'cancel', commandId, subject },
    async (state, { at }) => {
      const known = await readDeployment(entities, pair, deployment);
      if (known.status !== 'scheduled') {
        throw new MillraceError('DEPLOYMENT_NOT_SCHEDULED', `Deployment ${deployment} is ${known.status}.`, {
          where: pairKey(pair),
          details: { deployment, status: known.status },
        });
      }
      requireReason(reason);
      const { version } = known;
      const { stage } = await readStage(entities, pair, version);
      const scheduled = state.scheduled.filter((one) => one.deployment !== deployment);
      return {
        head: { scheduled },
        entries: [{ kind: 'deployment_cancelled', at, principal, facts: { deployment, version, reason } }],
        items: cancelScheduled(entities, pair, { deployment, version, stage, left: scheduled, at }),
        result: { ...known, status: 'cancelled' },
      };
    },
  );
}
