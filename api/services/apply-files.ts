import type { Principal } from '#access/principal.ts';
import { requireTeams } from '#access/teams.ts';
import type { AppliedConfigs, ConfigStore } from '#catalog/config-store.ts';
import { planDigest } from '#catalog/conditions.ts';
import { afterChange, type ConfigChange } from '#catalog/config-change.ts';
import { ownersConcerned } from '#catalog/owners-concerned.ts';
import { digestOf } from '#configs/canonical.ts';
import type { ConfigFile } from '#configs/load.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { checkFiles } from '#plan/check-files.ts';

export interface ApplyRequest {
  readonly files: readonly ConfigFile[];
  /** `plan_digest` of the plan that was reviewed. */
  readonly plan_digest: string;
  readonly command_id?: string | undefined;
}

/**
 * Makes the documents current, if they are those of the plan and nothing that they depend on has moved since. Throws
 * `PLAN_STALE`, `PLAN_FILES_CHANGED`, `CONFIG_INVALID`, `CONFIG_EMPTY`, `FORBIDDEN`, `TEAM_NOT_ALLOWED`.
 */
export async function applyFiles(configs: ConfigStore, principal: Principal, request: ApplyRequest) {
  const { files, plan_digest: plan } = request;
  // Checked against the plan's base, so that a repeat gets its first result even after later applies.
  const planned = await baseOf(configs, plan);
  const change = await admitted(principal, files, planned);
  if (planDigest(planned, change) !== plan) throw otherFiles(plan);
  const { base_digest: base } = planned;
  const commandId = request.command_id ?? digestOf({ plan, principal: principal.name });
  return configs.apply(change.documents, base, principal.name, commandId, {
    // What others applied since may make the change invalid, or another team's concern.
    admit: async (current) => void (await admitted(principal, files, current)),
  });
}

/** The change that the files make of a state, if it is valid there and the principal may make it. */
async function admitted(
  principal: Principal,
  files: readonly ConfigFile[],
  base: AppliedConfigs,
): Promise<ConfigChange> {
  const { declared } = await checkFiles(files, base);
  const change = { documents: declared, remove: [] };
  const after = afterChange(base.configs, change);
  refuseRules(principal, base.configs, after);
  requireTeams(principal, ownersConcerned(base.configs, after));
  return change;
}

type Configs = AppliedConfigs['configs'];

/** The Platform document decides who may approve and what jobs may load, so only an admin may change it. */
function refuseRules(principal: Principal, before: Configs, after: Configs): void {
  if (principal.roles.includes('admin')) return;
  if (digestOf(before.platform) === digestOf(after.platform)) return;
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
  throw new MillraceError('PLAN_STALE', `There is no revision ${revision} that a plan was made on.`, {
    details: { plan_digest: plan },
  });
}

function otherFiles(plan: string): MillraceError {
  return new MillraceError('PLAN_FILES_CHANGED', `The files are not those of the plan ${plan}.`, {
    details: { plan_digest: plan },
  });
}
