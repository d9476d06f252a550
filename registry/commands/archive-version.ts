import { MillraceError } from '#errors/millrace-error.ts';
import { commitToPair, type RegistryStore } from '../commit-to-pair.ts';
import { requireReason } from '../versions/judgement.ts';
import { endLive } from '../deployments/live-items.ts';
import { withoutOrder } from '../deployments/orders.ts';
import { moveStage } from '../transition-items.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import { readStage } from '../read-items.ts';
import type { VersionStage } from '../versions/stage.ts';

export interface ArchiveVersion {
  readonly pair: Pair;
  readonly version: number;
  readonly principal: string;
  readonly reason: string;
  readonly commandId: string;
}

/**
 * Archives an approved version that is no longer needed, or takes the live version out without a replacement. Throws
 * `VERSION_NOT_FOUND`, `STAGE_MOVE_NOT_ALLOWED`, `DEPLOYMENT_STILL_SCHEDULED`, `REASON_MISSING`.
 */
export async function archiveVersion(store: RegistryStore, input: ArchiveVersion): Promise<VersionStage> {
  const { entities } = store;
  const { pair, version, principal, reason, commandId } = input;
  const subject = { version };
  return commitToPair<VersionStage>(
    store,
    { pair, kind: 'archive', commandId, subject },
    async (state, moment) => {
      const known = await readStage(entities, pair, version);
      const waiting = state.scheduled.find((one) => one.version === version);
      if (waiting !== undefined) {
        throw new MillraceError(
          'DEPLOYMENT_STILL_SCHEDULED',
          `Deployment ${waiting.deployment} of version ${version} goes live at ${waiting.live_at}.`,
          { where: pairKey(pair), details: { ...waiting } },
        );
      }
      requireReason(reason);
      const live = state.live?.version === version ? state.live : null;
      const at = live === null ? moment.at : moment.boundary;
      const move = moveStage(entities, pair, version, { from: known.stage, to: 'archived', at });
      const facts = {
        version,
        reason,
        ...(live === null ? {} : { deployment: live.deployment, live_until: at }),
      };
      const result: VersionStage = { ...known, stage: 'archived', since: at };
      const entries = [{ kind: 'version_archived', at, principal, facts }] as const;
      if (live === null) return { head: withoutOrder(state, version), entries, items: [move], result };
      const { deployment } = live;
      return {
        head: {
          live: null,
          last_boundary: at,
          ended: [...state.ended, { deployment, version, live_until: at }],
        },
        entries,
        boundary: at,
        items: [move, ...endLive(entities, pair, live, { live_until: at, ended_by: 'archived' })],
        result,
      };
    },
  );
}
