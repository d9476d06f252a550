import type { Principal } from '#access/principal.ts';
import { requireTeams } from '#access/teams.ts';
import type { AppliedConfigs, ConfigStore } from '#catalog/config-store.ts';
import { ownersConcerned } from '#catalog/owners-concerned.ts';
import { digestOf } from '#configs/canonical.ts';
import { type ConfigDocument, withDocuments } from '#configs/config-set.ts';
import type { ConfigFile } from '#configs/load.ts';
import { hasCode } from '#errors/cause.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { checkFiles } from '#plan/check-files.ts';

export interface ApplyRequest {
  readonly files: readonly ConfigFile[];
  /** `base_digest` of the plan that was read. */
  readonly base_digest: string;
  readonly command_id?: string | undefined;
}

/** Makes the documents current. Throws `PLAN_STALE`, `CONFIG_INVALID`, `CONFIG_EMPTY`, `FORBIDDEN`, `TEAM_NOT_ALLOWED`. */
export async function applyFiles(configs: ConfigStore, principal: Principal, request: ApplyRequest) {
  const { files, base_digest: base } = request;
  // Checked against the plan's base, so that a repeat gets its first result even after later applies.
  const planned = await baseOf(configs, base);
  const { declared } = await checkFiles(files, planned);
  refuseRules(principal, planned, declared);
  requireTeams(principal, ownersConcerned(planned.configs, withDocuments(planned.configs, declared)));
  const commandId = request.command_id ?? digestOf({ declared, base, principal: principal.name });
  return configs.apply(declared, base, principal.name, commandId);
}

/** The Platform document decides who may approve and what jobs may load, so only an admin may change it. */
function refuseRules(principal: Principal, base: AppliedConfigs, declared: readonly ConfigDocument[]): void {
  if (principal.roles.includes('admin')) return;
  const rules = declared.find(({ kind }) => kind === 'Platform');
  if (rules === undefined || digestOf(rules) === digestOf(base.configs.platform)) return;
  throw new MillraceError(
    'FORBIDDEN',
    `${principal.name} lacks the role admin to change the platform's rules.`,
    {
      details: { needs: 'admin', has: principal.roles },
    },
  );
}

/** An unknown base is as stale as an outdated one; the apply tells them apart. */
async function baseOf(configs: ConfigStore, base: string): Promise<AppliedConfigs> {
  try {
    return await configs.at(base);
  } catch (error) {
    if (!hasCode(error, 'CONFIG_NOT_FOUND')) throw error;
    const { base_digest: current } = await configs.current();
    throw new MillraceError('PLAN_STALE', `No plan was made on ${base}; the configs are now ${current}.`, {
      details: { base_digest: base, current },
      cause: error,
    });
  }
}
