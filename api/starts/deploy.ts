import type { DeployConfig } from '#configs/model.ts';
import { scheduleFaults } from '#configs/rules/schedule-rules.ts';
import { canonicalTimeZone } from '#configs/time-zone.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { type ByHand, replacedByHand } from '#registry/deployments/by-hand.ts';
import type { LiveDeployment } from '#registry/pair-state.ts';
import { liveAt } from '#registry/deployments/live-at.ts';
import type { Pair } from '#configs/pair.ts';
import { stageWhenScheduled } from '#registry/versions/transitions.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import { SIGNALS, type DeployInput, type DeployResult } from '#workflows/contract/messages.ts';
import { callReconciler, signalIfRunning } from '#workflows/contract/signals.ts';
import type { Started } from '../workflows/starter.ts';
import type { StartDeps } from './start-deps.ts';

export interface DeployRequest {
  readonly pair: Pair;
  readonly version: number;
  /** Overrides the model's config. */
  readonly terms: { readonly [name in keyof DeployConfig]?: DeployConfig[name] | undefined };
  readonly byHand: ByHand;
  readonly principal: string;
  /** A repeated id gives the same deployment, for as long as the registry exists. */
  readonly commandId: string;
}

/**
 * Deploys a version on the terms of its model's config: writes the deployment, then starts the workflow that waits
 * for it. Throws `VERSION_NOT_FOUND`, `VERSION_NOT_APPROVED`, `CONFIG_NOT_FOUND`, `CONFIG_CRON_INVALID`,
 * `CONFIG_TIMEZONE_UNKNOWN` and what the registry refuses, such as `DEPLOYMENT_ALREADY_SCHEDULED`.
 */
export async function startDeploy(deps: StartDeps, request: DeployRequest): Promise<Started<DeployResult>> {
  const { pair, version, principal, byHand, commandId } = request;
  const { registry, temporal } = deps;
  const { stage } = await registry.stage(pair, version);
  stageWhenScheduled(version, stage);
  const terms = await termsOf(deps, request);
  const live = await liveOnTerms(deps, request, terms);
  if (live !== undefined) return live;
  const { deployment, live_at } = await registry.schedule({
    pair,
    version,
    scheduler: terms.scheduler,
    schedule: terms.schedule,
    timezone: terms.timezone,
    goLive: terms.go_live,
    liveAt: liveAt(deps.now().toISOString(), terms.go_live, terms.timezone),
    principal,
    byHand,
    commandId,
  });
  if (byHand.replaces !== undefined)
    await signalIfRunning(temporal, workflowId.deploy(pair, byHand.replaces), SIGNALS.deploymentChanged);
  await callReconciler(temporal, pair);
  return startRun(deps, { pair, version, deployment, live_at }, principal);
}

async function termsOf(deps: StartDeps, { pair, terms: asked }: DeployRequest): Promise<DeployConfig> {
  const { configs } = await deps.configs.current();
  const model = configs.models.get(pair.model);
  if (!model) throw new MillraceError('CONFIG_NOT_FOUND', `There is no model "${pair.model}".`);
  const terms = { ...model.deploy, ...given(asked) };
  refuseWrongSchedule(terms);
  return { ...terms, timezone: canonicalTimeZone(terms.timezone) ?? terms.timezone };
}

/**
 * The live deployment when it is what the request asks for. Throws `DEPLOYMENT_ALREADY_SCHEDULED` when another one is about to
 * replace it and the request does not say that this may be.
 */
async function liveOnTerms(
  { registry }: StartDeps,
  { pair, version, byHand }: DeployRequest,
  terms: DeployConfig,
): Promise<Started<DeployResult> | undefined> {
  if (byHand.replaces !== undefined) return undefined;
  const { live, scheduled } = await registry.state(pair);
  if (live === null || live.version !== version || !sameTerms(live, terms)) return undefined;
  replacedByHand(pair, { scheduled }, byHand);
  const found = await registry.deployment(pair, live.deployment);
  const result = await registry.outcome({ ...found, status: 'live' });
  return { status: 'committed', workflow_id: workflowId.deploy(pair, live.deployment), result };
}

function startRun(deps: StartDeps, input: DeployInput, principal: string): Promise<Started<DeployResult>> {
  const { pair, version, deployment } = input;
  return deps.starter.start<DeployResult>({
    type: 'deployModel',
    workflowId: workflowId.deploy(pair, deployment),
    input,
    summary: `Deploy version ${version} of ${pair.model}`,
    labels: { ...pair, version },
    principal,
    committed: async () => {
      const found = await deps.registry.deployment(pair, deployment);
      if (found.status === 'scheduled') return undefined;
      return deps.registry.outcome({ ...found, status: found.status });
    },
  });
}

/** The terms of a config were checked when it was applied; those of a request come from nowhere else. */
function refuseWrongSchedule(terms: DeployConfig): void {
  const [wrong] = scheduleFaults(terms);
  if (wrong === undefined) return;
  const { code, message, expected, suggestion } = wrong;
  const details = { ...(expected && { expected }), ...(suggestion && { suggestion }) };
  throw new MillraceError(code, message, { where: wrong.path.join('.'), details });
}

function sameTerms(live: LiveDeployment, { scheduler, schedule, timezone }: DeployConfig): boolean {
  return live.scheduler === scheduler && live.schedule === schedule && live.timezone === timezone;
}

function given(terms: DeployRequest['terms']): Partial<DeployConfig> {
  return Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined));
}
