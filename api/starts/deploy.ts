import { WorkflowNotFoundError } from '@temporalio/client';
import { canonicalJson } from '#configs/canonical.ts';
import type { DeployConfig } from '#configs/model.ts';
import { scheduleFaults } from '#configs/rules/schedule-rules.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { type Deployment, nextDeploymentNumber, outcomeOf } from '#registry/deployment.ts';
import { rollbackTarget } from '#registry/history.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import { stageWhenScheduled } from '#registry/transitions.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import type { DeployInput, DeployResult } from '#workflows/contract/messages.ts';
import type { Running, Started } from '../workflows/starter.ts';
import type { StartDeps } from './start-deps.ts';

export interface DeployRequest {
  readonly pair: Pair;
  readonly version: number;
  /** Overrides the model's config. */
  readonly terms: { readonly [name in keyof DeployConfig]?: DeployConfig[name] | undefined };
  readonly principal: string;
}

export interface RollbackRequest {
  readonly pair: Pair;
  /** Default: the previously live version. */
  readonly to_version?: number | undefined;
  readonly principal: string;
}

/** How far a number may be from the registry's last one, when others deploy to the pair at the same moment. */
const NUMBERS_TO_TRY = 50;
const ROLLBACK_AFTER = '1s';

/**
 * Deploys a version on the terms of its model's config.
 * Throws `VERSION_NOT_FOUND`, `VERSION_NOT_APPROVED`, `CONFIG_NOT_FOUND`, `CONFIG_CRON_INVALID`, `CONFIG_TIMEZONE_UNKNOWN`.
 */
export async function startDeploy(deps: StartDeps, request: DeployRequest): Promise<Started<DeployResult>> {
  const { pair, version, principal } = request;
  const { stage } = await deps.registry.stage(pair, version);
  stageWhenScheduled(version, stage);
  const { configs } = await deps.configs.current();
  const model = configs.models.get(pair.model);
  if (!model) throw new MillraceError('CONFIG_NOT_FOUND', `There is no model "${pair.model}".`);
  const terms = { ...model.deploy, ...given(request.terms) };
  refuseWrongSchedule(terms);
  return deploy(deps, { pair, version, terms, requested_by: principal });
}

/**
 * Deploys an earlier version again, at once, on the terms it was last live with.
 * Throws `ROLLBACK_TARGET_MISSING`, `PAIR_NOT_FOUND`.
 */
export async function startRollback(
  deps: StartDeps,
  request: RollbackRequest,
): Promise<Started<DeployResult>> {
  const { pair, principal } = request;
  await deps.registry.state(pair);
  const version = request.to_version ?? rollbackTarget(await deps.registry.history(pair));
  const deployments = await deps.registry.deployments(pair);
  const last = deployments.findLast((one) => one.version === version && one.live_from !== undefined);
  if (version === undefined || !last)
    throw new MillraceError(
      'ROLLBACK_TARGET_MISSING',
      version === undefined ? 'no other version was live before' : `version ${version} was never live`,
      { where: pairKey(pair) },
    );
  const { scheduler, schedule, timezone } = last;
  const terms = { scheduler, schedule, timezone, go_live: { after: ROLLBACK_AFTER } };
  return deploy(deps, { pair, version, terms, requested_by: principal });
}

async function deploy(
  deps: StartDeps,
  input: Omit<DeployInput, 'deployment'>,
): Promise<Started<DeployResult>> {
  const { pair, version } = input;
  const deployments = await deps.registry.deployments(pair);
  const live = deployments.find((one) => one.status === 'live' && one.version === version);
  if (live && sameTerms(live, input.terms)) {
    const workflow_id = workflowId.deploy(pair, live.deployment);
    return { status: 'committed', workflow_id, result: outcomeOf({ ...live, status: 'live' }, deployments) };
  }
  for (const { deployment, status } of deployments) {
    const run = status === 'scheduled' ? await runOf(deps, pair, deployment, input) : undefined;
    if (run) return run;
  }
  const next = nextDeploymentNumber(await deps.registry.state(pair));
  for (let deployment = next; deployment < next + NUMBERS_TO_TRY; deployment++) {
    const started = await deps.starter.startNew({
      type: 'deployModel',
      workflowId: workflowId.deploy(pair, deployment),
      input: { ...input, deployment } satisfies DeployInput,
      summary: `Deploy version ${version} of ${pair.model}`,
      labels: { ...pair, version },
      principal: input.requested_by,
      memo: { request: digestible(input) },
    });
    const run = started ?? (await runOf(deps, pair, deployment, input));
    if (run) return run;
  }
  throw new MillraceError('DEPLOYMENT_NUMBER_TAKEN', `Deployments from ${next} on are all under way.`, {
    where: pairKey(pair),
  });
}

/**
 * The run under this number when it does what is asked for: the same request came twice. A deployment may have outlived its
 * run, and must not stand in the way of another.
 */
async function runOf(
  { temporal }: StartDeps,
  pair: Pair,
  deployment: number,
  input: Omit<DeployInput, 'deployment'>,
): Promise<Running | undefined> {
  const id = workflowId.deploy(pair, deployment);
  try {
    const { memo, runId, status } = await temporal.workflow.getHandle(id).describe();
    if (status.name !== 'RUNNING' || memo?.['request'] !== digestible(input)) return undefined;
    return { status: 'running', workflow_id: id, run_id: runId };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** The terms of a config were checked when it was applied; those of a request come from nowhere else. */
function refuseWrongSchedule(terms: DeployConfig): void {
  const [wrong] = scheduleFaults(terms);
  if (wrong === undefined) return;
  const { code, message, expected } = wrong;
  throw new MillraceError(code, message, {
    where: wrong.path.join('.'),
    ...(expected === undefined ? {} : { details: { expected } }),
  });
}

/** The requesting principal does not make it a different deployment. */
function digestible({ version, terms }: Omit<DeployInput, 'deployment'>): string {
  return canonicalJson({ version, terms });
}

function sameTerms(live: Deployment, { scheduler, schedule, timezone }: DeployConfig): boolean {
  return live.scheduler === scheduler && live.schedule === schedule && live.timezone === timezone;
}

function given(terms: DeployRequest['terms']): Partial<DeployConfig> {
  return Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined));
}
