import type { Principal } from '#access/principal.ts';
import { requireTeams } from '#access/teams.ts';
import type { AppliedConfigs, ConfigStore } from '#catalog/config-store.ts';
import { planDigest } from '#catalog/conditions.ts';
import { afterChange, type ConfigChange } from '#catalog/config-change.ts';
import { ownersConcerned } from '#catalog/owners-concerned.ts';
import { digestOf } from '#configs/canonical.ts';
import { documentKey } from '#configs/config-set.ts';
import type { ConfigFile } from '#configs/load.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { checkFiles } from '#plan/check-files.ts';
import type { InUseDeps } from '#plan/documents-in-use.ts';
import type { Removal } from '#plan/removal.ts';

export interface ApplyRequest {
  readonly files: readonly ConfigFile[];
  /** `plan_digest` of the plan that was reviewed. */
  readonly plan_digest: string;
  readonly command_id?: string | undefined;
  readonly remove?: readonly string[] | undefined;
  readonly prune?: boolean | undefined;
}

export interface ApplyDeps {
  readonly configs: ConfigStore;
  readonly registry: InUseDeps['registry'];
  readonly now: () => Date;
}

/** What a request of this principal removes: pruning concerns the documents of their teams. */
export function removalOf(
  { teams }: Principal,
  { remove, prune }: Pick<ApplyRequest, 'remove' | 'prune'>,
): Removal {
  return { remove, ...(prune === true && { pruneTeams: teams }) };
}

/**
 * Makes the documents current and removes others, if this is the change of the plan and nothing that it depends on has
 * moved since. Throws `PLAN_STALE`, `PLAN_FILES_CHANGED`, `CONFIG_…`, `FORBIDDEN`, `TEAM_NOT_ALLOWED`.
 */
export async function applyFiles(deps: ApplyDeps, principal: Principal, request: ApplyRequest) {
  const { configs } = deps;
  const { plan_digest: plan } = request;
  // Checked against the plan's base, so that a repeat gets its first result even after later applies.
  const planned = await baseOf(configs, plan);
  const change = await admitted(deps, principal, request, planned);
  if (planDigest(planned, change) !== plan) throw otherFiles(plan);
  const { base_digest: base } = planned;
  const commandId = request.command_id ?? digestOf({ plan, principal: principal.name });
  return configs.apply(change.documents, base, principal.name, commandId, {
    remove: change.remove,
    // What others applied since may make the change invalid, or another team's concern.
    admit: async (current) =>
      void (await admitted(deps, principal, { ...request, ...exactly(change) }, current)),
  });
}

/** The change that the files make of a state, if it is valid there and the principal may make it. */
async function admitted(
  deps: ApplyDeps,
  principal: Principal,
  request: ApplyRequest,
  base: AppliedConfigs,
): Promise<ConfigChange> {
  const change = await checkFiles(deps, request.files, base, removalOf(principal, request));
  const after = afterChange(base.configs, change);
  refuseRules(principal, base.configs, change);
  requireTeams(principal, ownersConcerned(base.configs, after));
  return change;
}

/** What to remove was settled by the plan: documents that others of the team applied since are not pruned with it. */
function exactly({ remove }: ConfigChange): Pick<ApplyRequest, 'remove' | 'prune'> {
  return { remove, prune: false };
}

type Configs = AppliedConfigs['configs'];

/** The Platform document decides who may approve and what jobs may load, so only an admin may change it. */
function refuseRules(principal: Principal, before: Configs, change: ConfigChange): void {
  if (principal.roles.includes('admin')) return;
  const same = digestOf(before.platform) === digestOf(afterChange(before, change).platform);
  if (same && !change.remove.includes(documentKey(before.platform))) return;
  throw new MillraceError(
    'FORBIDDEN',
    `${principal.name} lacks the role admin to change the platform's rules.`,
    {
      details: { needs: 'admin', has: principal.roles },
    },
  );
}

/** The digest of a plan begins with the revision that it was made on. */
async function baseOf(configs: ConfigStore, plan: string): Promise<AppliedConfigs> {
  const revision = Number(plan.split('-', 1)[0]);
  const found = await configs.atRevision(revision);
  if (found !== undefined) return found;
  throw new MillraceError('PLAN_STALE', `The plan names revision ${revision}, which does not exist.`, {
    details: { plan_digest: plan },
  });
}

function otherFiles(plan: string): MillraceError {
  return new MillraceError('PLAN_FILES_CHANGED', `The files are not those of the plan ${plan}.`, {
    details: { plan_digest: plan },
  });
}
