import type { TransactItem } from '#platform/table/table.ts';
import type { Entities } from '../entities.ts';
import type { Pair } from '#configs/pair.ts';
import type { ScheduledDeployment } from '../pair-state.ts';
import type { Stage } from '../versions/stage.ts';
import { moveDeployment, moveStage } from '../transition-items.ts';

interface Cancelled {
  readonly deployment: number;
  readonly version: number;
  /** Present stage of the version. */
  readonly stage: Stage;
  /** Scheduled deployments that are left. */
  readonly left: readonly ScheduledDeployment[];
  readonly at: string;
}

/** Cancels a scheduled deployment. Its version becomes approved again, unless another deployment of it is left. */
export function cancelScheduled(
  entities: Entities,
  pair: Pair,
  { deployment, version, stage, left, at }: Cancelled,
): readonly TransactItem[] {
  const back = stage === 'scheduled' && !left.some((one) => one.version === version);
  return [
    moveDeployment(entities, pair, deployment, { from: 'scheduled', to: 'cancelled' }),
    ...(back ? [moveStage(entities, pair, version, { from: stage, to: 'approved', at })] : []),
  ];
}
