import { MillraceError } from '#errors/millrace-error.ts';
import type { TransactItem } from '#platform/table/table.ts';
import { commitToPair, type RegistryStore } from '../commit-to-pair.ts';
import type { Deployment } from '../deployments/deployment.ts';
import type { EntryDraft } from '../dossier/dossier.ts';
import { utcInstant } from '../instant.ts';
import { addFallback, beginLive, endLive } from '../deployments/live-items.ts';
import { moveDeployment, moveStage } from '../transition-items.ts';
import type { Pair } from '#configs/pair.ts';
import type { PairState } from '../pair-state.ts';
import { readDeployment, readStage } from '../read-items.ts';
import { isDue, nextDue } from '../reconcile.ts';
import { canMove } from '../versions/transitions.ts';

export interface PromoteDeployment {
  readonly pair: Pair;
  readonly deployment: number;
  /**
   * UTC instant at which the caller found the deployment due. It goes live when the promotion commits, which may be
   * much later.
   */
  readonly dueBy: string;
  readonly commandId: string;
}

export interface Promotion {
  readonly promoted: boolean;
  /** Why nothing was promoted. `not_next`: another due deployment comes first, so the caller decides again. */
  readonly because?: 'not_due' | 'not_next' | 'live' | 'ended' | 'cancelled';
  /** UTC instant. */
  readonly live_from?: string;
  /** The deployment that ended at the same instant. */
  readonly replaced?: number;
}

const RECONCILER = 'reconciler';

/**
 * Promotes a due deployment to live. In one transaction, the old deployment ends at the instant the new one starts,
 * the old version is archived, and both facts enter the dossier. Only the earliest due deployment is promoted, so the
 * outcome does not depend on a race. Throws `DEPLOYMENT_NOT_FOUND`, `VERSION_NOT_APPROVED`.
 */
export async function promoteDeployment(store: RegistryStore, input: PromoteDeployment): Promise<Promotion> {
  const { entities } = store;
  const { pair, deployment, commandId } = input;
  const dueBy = utcInstant(input.dueBy);
  const subject = { deployment };
  return commitToPair<Promotion>(
    store,
    { pair, kind: 'promote', commandId, subject },
    async (state, moment) => {
      const wanted = await readDeployment(entities, pair, deployment);
      const because = whyNot(state, wanted, dueBy);
      if (because !== undefined) return { unchanged: { promoted: false, because } };
      const { version, scheduler, schedule, timezone, live_at } = wanted;
      const known = await readStage(entities, pair, version);
      const { stage } = known;
      if (stage !== 'live' && !canMove(stage, 'live')) {
        throw new MillraceError('VERSION_NOT_APPROVED', `Version ${version} is ${stage}.`, {
          details: { version, stage },
        });
      }
      // A clock behind the caller's must not make it live before the moment that was asked for.
      const live_from = live_at > moment.boundary ? live_at : moment.boundary;
      const old = state.live;
      const items: TransactItem[] = [
        moveDeployment(entities, pair, deployment, { from: 'scheduled', to: 'live', live_from }),
        ...beginLive(entities, pair, known, { deployment, live_from }),
      ];
      const entries: EntryDraft[] = [
        {
          kind: 'deployment_promoted',
          at: live_from,
          principal: RECONCILER,
          facts: { deployment, version, live_at, live_from, replaced: old?.deployment ?? null },
        },
      ];
      if (old !== null) {
        items.push(...endLive(entities, pair, old, { live_until: live_from, ended_by: 'replaced' }));
        if (old.version !== version) {
          items.push(
            moveStage(entities, pair, old.version, { from: 'live', to: 'archived', at: live_from }),
            addFallback(entities, pair, old),
          );
          entries.push({
            kind: 'version_archived',
            at: live_from,
            principal: RECONCILER,
            facts: {
              version: old.version,
              deployment: old.deployment,
              live_until: live_from,
              replaced_by: deployment,
            },
          });
        }
      }
      return {
        head: {
          live: { deployment, version, scheduler, schedule, timezone, live_from },
          last_boundary: live_from,
          first_live_at: state.first_live_at ?? live_at,
          scheduled: state.scheduled.filter((one) => one.deployment !== deployment),
          ended: old === null ? state.ended : [...state.ended, endedAt(old, live_from)],
        },
        entries,
        boundary: live_from,
        items,
        result: { promoted: true, live_from, ...(old === null ? {} : { replaced: old.deployment }) },
      };
    },
  );
}

function whyNot(state: PairState, wanted: Deployment, dueBy: string): Promotion['because'] {
  if (wanted.status !== 'scheduled') return wanted.status;
  if (!isDue(wanted, dueBy)) return 'not_due';
  return nextDue(state)?.deployment === wanted.deployment ? undefined : 'not_next';
}

function endedAt(old: NonNullable<PairState['live']>, live_until: string): PairState['ended'][number] {
  return { deployment: old.deployment, version: old.version, live_until };
}
