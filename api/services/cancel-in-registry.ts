import type { Principal } from '#access/principal.ts';
import { hasCode } from '#errors/cause.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { Pair } from '#configs/pair.ts';
import { trainingId } from '#training/digest.ts';
import type { WorkflowSubject } from '#workflows/contract/ids.ts';
import { callReconciler } from '#workflows/contract/signals.ts';
import type { StartDeps } from '../starts/start-deps.ts';
import { cancelDeployment } from './cancel-deployment.ts';

type Deps = Pick<StartDeps, 'registry' | 'temporal'>;

interface CancelledBy {
  readonly principal: Pick<Principal, 'name' | 'roles'>;
  readonly commandId: string;
}

/** `done`: the workflow itself needs no cancelling any more. `changed`: the registry was changed, and the workflow is still to be cancelled, if it runs. */
export type InRegistry = 'done' | 'changed' | 'nothing';

/**
 * Cancels what a workflow stands for in the registry first, so that the dossier says who did it, whether or not it runs: of
 * `deploy/…` its deployment, of `lifecycle/…` the order to deploy its version, or the scheduled deployment that carries it
 * out. Throws `FORBIDDEN` if a lifecycle has come to a deployment and the principal may not cancel deployments.
 */
export async function cancelInRegistry(
  deps: Deps,
  id: string,
  subject: WorkflowSubject,
  { principal, commandId }: CancelledBy,
): Promise<InRegistry> {
  if (!('pair' in subject)) return 'nothing';
  const { pair, kind } = subject;
  const by = { reason: `Cancelled through ${id}.`, principal: principal.name, commandId };
  if (kind === 'deploy') {
    const deployment = Number(id.split('/').at(-1));
    return (await unlessOver(() => cancelDeployment(deps, { pair, deployment, ...by }))) ? 'done' : 'nothing';
  }
  const version = kind === 'lifecycle' ? await versionOf(deps, pair, id) : undefined;
  if (version === undefined) return 'nothing';
  const { withdrawn } = await deps.registry.withdrawOrder({ pair, version, ...by });
  if (withdrawn) {
    await callReconciler(deps.temporal, pair);
    return 'changed';
  }
  const deployment = await orderedDeployment(deps, pair, version);
  if (deployment === undefined) return 'nothing';
  refuseWithoutOperator(principal, id, deployment);
  return (await unlessOver(() => cancelDeployment(deps, { pair, deployment, ...by })))
    ? 'changed'
    : 'nothing';
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

/** The version that the lifecycle has registered. */
async function versionOf({ registry }: Deps, pair: Pair, id: string): Promise<number | undefined> {
  const [training_digest = '', as_of = ''] = id.split('/').slice(-2);
  const found = await registry.versionOfTraining(pair, trainingId({ training_digest, as_of }));
  return found?.version;
}

/** The scheduled deployment that carries out the order of the version's lifecycle. */
async function orderedDeployment(
  { registry }: Deps,
  pair: Pair,
  version: number,
): Promise<number | undefined> {
  const state = await registry.stateIfKnown(pair);
  for (const { deployment } of (state?.scheduled ?? []).filter((one) => one.version === version)) {
    const { on_approval } = await registry.deployment(pair, deployment);
    if (on_approval === true) return deployment;
  }
  return undefined;
}
