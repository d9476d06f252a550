import type { TransactItem } from '#platform/table/table.ts';
import type { Put, Update } from './commit-to-pair.ts';
import type { Deployment, EndedBy } from './deployments/deployment.ts';
import type { Entities } from './entities.ts';
import type { Pair } from '#configs/pair.ts';
import { listingShard } from './shards.ts';
import type { CardRevision } from './cards/current-card.ts';
import type { DeploymentOrder, Judgement, Lives, Stage, Withdrawal } from './versions/stage.ts';
import { checkMove } from './versions/transitions.ts';

/** Items of a transaction, each with a condition that the state it was decided on still holds. */

/** An order to deploy the version stays only while an approval can still carry it out. */
const KEEP_ORDERS: readonly Stage[] = ['registered', 'approved'];

/** Changes a version's stage by an allowed move. Throws `STAGE_MOVE_NOT_ALLOWED`. */
export function moveStage(
  entities: Entities,
  pair: Pair,
  version: number,
  move: {
    readonly from: Stage;
    readonly to: Stage;
    readonly at: string;
    readonly judgements?: readonly Judgement[];
    readonly withdrawal?: Withdrawal;
    readonly card?: CardRevision;
    readonly lives?: Lives;
  },
): TransactItem {
  const { from, to, at, ...facts } = move;
  checkMove(version, from, to);
  const approval = to === 'approved' ? { was_approved: true } : {};
  return {
    Update: entities.stage
      .patch({ ...pair, version })
      .set({ stage: to, listing_shard: listingShard(pair), since: at, ...facts, ...approval })
      .remove(KEEP_ORDERS.includes(to) ? [] : ['order'])
      .where((item, is) => is.eq(item.stage, from))
      .params<Update>(),
  };
}

/** Changes the approvals, or the card with its approvals, of a version that keeps its stage. */
export function setReview(
  entities: Entities,
  pair: Pair,
  version: number,
  stage: Stage,
  review: { readonly judgements: readonly Judgement[]; readonly card?: CardRevision },
): TransactItem {
  return {
    Update: entities.stage
      .patch({ ...pair, version })
      .set(review)
      .where((item, is) => is.eq(item.stage, stage))
      .params<Update>(),
  };
}

/** Sets or removes the order to deploy a version that keeps its stage. */
export function keepOrder(
  entities: Entities,
  pair: Pair,
  version: number,
  stage: Stage,
  order: DeploymentOrder | undefined,
): TransactItem {
  const update = entities.stage.patch({ ...pair, version });
  return {
    Update: (order === undefined ? update.remove(['order']) : update.set({ order }))
      .where((item, is) => is.eq(item.stage, stage))
      .params<Update>(),
  };
}

/** The live version stays live with another deployment. */
export function setLives(entities: Entities, pair: Pair, version: number, lives: Lives): TransactItem {
  return {
    Update: entities.stage
      .patch({ ...pair, version })
      .set({ lives })
      .where((item, is) => is.eq(item.stage, 'live'))
      .params<Update>(),
  };
}

export function firstStage(
  entities: Entities,
  pair: Pair,
  version: number,
  at: string,
  order: DeploymentOrder | undefined,
): TransactItem {
  return {
    Put: entities.stage
      .create({
        ...pair,
        version,
        stage: 'registered',
        listing_shard: listingShard(pair),
        since: at,
        judgements: [],
        ...(order === undefined ? {} : { order }),
      })
      .params<Put>(),
  };
}

export function moveDeployment(
  entities: Entities,
  pair: Pair,
  deployment: number,
  move: {
    readonly from: Deployment['status'];
    readonly to: Deployment['status'];
    readonly live_from?: string;
    readonly live_until?: string;
    readonly ended_by?: EndedBy;
  },
): TransactItem {
  const { from, to, ...facts } = move;
  return {
    Update: entities.deployment
      .patch({ ...pair, deployment })
      .set({ status: to, ...facts })
      .where((item, is) => is.eq(item.status, from))
      .params<Update>(),
  };
}
