import { WorkflowNotFoundError } from '@temporalio/client';
import type { Principal } from '#access/principal.ts';
import { hasCode } from '#errors/cause.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { Pair } from '#configs/pair.ts';
import { workflowId, type WorkflowSubject } from '#workflows/contract/ids.ts';
import type { StartDeps } from '../starts/start-deps.ts';
import { cancelDeployment } from './cancel-deployment.ts';

type Deps = Pick<StartDeps, 'registry' | 'temporal'>;

interface CancelledBy {
  readonly principal: Pick<Principal, 'name' | 'roles'>;
  readonly commandId: string;
}

/**
 * Cancels the scheduled deployment that a workflow stands for in the registry first, so that the dossier says who did
 * it: of `deploy/…` its own, whether or not it runs, and of `lifecycle/…` the one that it has started. True if the
 * workflow itself needs no cancelling any more. Throws `FORBIDDEN` if a lifecycle has come to a deployment and the principal may not
 * cancel deployments.
 */
export async function cancelInRegistry(
  deps: Deps,
  id: string,
  subject: WorkflowSubject,
  { principal, commandId }: CancelledBy,
): Promise<boolean> {
  if (!('pair' in subject)) return false;
  const { pair, kind } = subject;
  const by = { reason: `Cancelled through ${id}.`, principal: principal.name, commandId };
  if (kind === 'deploy') {
    const deployment = Number(id.split('/').at(-1));
    return unlessOver(() => cancelDeployment(deps, { pair, deployment, ...by }));
  }
  const deployment = kind === 'lifecycle' ? await scheduledChild(deps, pair, id) : undefined;
  if (deployment !== undefined) {
    refuseWithoutOperator(principal, id, deployment);
    // The cancelled lifecycle cancels its deploy workflow, which then finds nothing to take back.
    await unlessOver(() => deps.registry.cancelDeployment({ pair, deployment, ...by }));
  }
  return false;
}

/** Like a deployment that is cancelled by its number. */
function refuseWithoutOperator(
  { name, roles }: CancelledBy['principal'],
  id: string,
  deployment: number,
): void {
  if (roles.includes('operator') || roles.includes('admin')) return;
  throw new MillraceError(
    'FORBIDDEN',
    `${name} lacks the role operator to cancel ${id}: its deployment ${deployment} is scheduled.`,
    { details: { needs: 'operator', has: roles } },
  );
}

/** False when there is no such deployment: its workflow has not written it yet, or it is live or over. */
async function unlessOver(cancel: () => Promise<unknown>): Promise<boolean> {
  try {
    await cancel();
    return true;
  } catch (error) {
    if (hasCode(error, 'DEPLOYMENT_NOT_FOUND') || hasCode(error, 'DEPLOYMENT_NOT_SCHEDULED')) return false;
    throw error;
  }
}

/** The scheduled deployment whose workflow the lifecycle has started. */
async function scheduledChild(
  { registry, temporal }: Deps,
  pair: Pair,
  id: string,
): Promise<number | undefined> {
  const state = await registry.stateIfKnown(pair);
  for (const { deployment } of state?.scheduled ?? []) {
    try {
      const handle = temporal.workflow.getHandle(workflowId.deploy(pair, deployment));
      const { parentExecution } = await handle.describe();
      if (parentExecution?.workflowId === id) return deployment;
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
  return undefined;
}
