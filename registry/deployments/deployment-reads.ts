import type { Pair } from '#configs/pair.ts';
import { onePage, type Page, type PageRequest } from '#platform/table/page.ts';
import type { RegistryStore } from '../commit-to-pair.ts';
import { utcInstant } from '../instant.ts';
import type { PairState } from '../pair-state.ts';
import { readDeployment, toDeployment } from '../read-items.ts';
import { recordAnswer } from './answered.ts';
import { outcomeOf, type Deployment, type DeploymentOutcome } from './deployment.ts';
import { historyPage, intervalAt, intervalReplaced, type LiveInterval } from './history.ts';
import { defaultRollbackTarget } from './rollback-target.ts';

/** Reads of a pair's deployments, all strongly consistent. None takes longer when the pair was deployed more often. */
export function createDeploymentReads(
  store: RegistryStore,
  stateIfKnown: (pair: Pair) => Promise<PairState | undefined>,
) {
  const { entities } = store;
  return {
    /** Throws `DEPLOYMENT_NOT_FOUND`. */
    deployment: (pair: Pair, deployment: number): Promise<Deployment> =>
      readDeployment(entities, pair, deployment),
    /** By number. */
    deployments: (pair: Pair, page: PageRequest = {}): Promise<Page<Deployment>> =>
      onePage(entities.deployment.query.byPair(pair), page, { consistent: true }, toDeployment),
    /** What came of a deployment that was read before, so that the deployment that it replaced is seen as ended. */
    outcome: async <Status extends Deployment['status']>(
      found: Deployment & { readonly status: Status },
    ): Promise<DeploymentOutcome<Status>> => {
      const { model, feature_set, live_from } = found;
      if (live_from === undefined) return outcomeOf(found, undefined);
      return outcomeOf(found, await intervalReplaced(entities, { model, feature_set }, live_from));
    },
    /** The intervals in which each version was live, oldest first. */
    history: (pair: Pair, page: PageRequest = {}): Promise<Page<LiveInterval>> =>
      historyPage(entities, pair, page),
    /**
     * The interval that contains an instant; undefined when no version was live. For an instant in the past, the answer
     * never changes afterwards. Throws `INSTANT_INVALID`, `REGISTRY_BUSY`.
     */
    liveAt: async (pair: Pair, instant: string): Promise<LiveInterval | undefined> => {
      const at = utcInstant(instant);
      await recordAnswer(store, pair, at);
      return intervalAt(entities, pair, at);
    },
    /** The version that a rollback leads to when it names none. */
    rollbackTarget: async (pair: Pair): Promise<number | undefined> =>
      defaultRollbackTarget(entities, pair, (await stateIfKnown(pair))?.live ?? null),
  };
}
