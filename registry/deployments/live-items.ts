import type { Pair } from '#configs/pair.ts';
import type { TransactItem } from '#platform/table/table.ts';
import type { Delete, Put, Update } from '../commit-to-pair.ts';
import type { Entities } from '../entities.ts';
import type { LiveDeployment } from '../pair-state.ts';
import { moveDeployment, moveStage, setLives } from '../transition-items.ts';
import type { LiveStart, VersionStage } from '../versions/stage.ts';
import type { EndedBy } from './deployment.ts';

/** Items of a transaction in which the live version changes, beside the item of the deployment that goes live. */

/** The version of `known` goes live with a deployment, or stays live with another one. */
export function beginLive(
  entities: Entities,
  pair: Pair,
  known: VersionStage,
  start: LiveStart,
): readonly TransactItem[] {
  const { version, stage, lives: before } = known;
  const lives = { first: before?.first ?? start, last: start };
  return [
    stage === 'live'
      ? setLives(entities, pair, version, lives)
      : moveStage(entities, pair, version, { from: stage, to: 'live', at: start.live_from, lives }),
    { Put: entities.interval.create({ ...pair, ...start, version }).params<Put>() },
    ...removeFallback(entities, pair, known),
  ];
}

/** The live deployment ends. */
export function endLive(
  entities: Entities,
  pair: Pair,
  { deployment, live_from }: Pick<LiveDeployment, 'deployment' | 'live_from'>,
  end: { readonly live_until: string; readonly ended_by: EndedBy },
): readonly TransactItem[] {
  return [
    moveDeployment(entities, pair, deployment, { from: 'live', to: 'ended', ...end }),
    {
      Update: entities.interval
        .patch({ ...pair, live_from })
        .set(end)
        .where((item, is) => is.notExists(item.live_until))
        .params<Update>(),
    },
  ];
}

/** A rollback may lead back by itself to a version that another one replaced. */
export function addFallback(
  entities: Entities,
  pair: Pair,
  { version, live_from }: Pick<LiveDeployment, 'version' | 'live_from'>,
): TransactItem {
  return { Put: entities.fallback.put({ ...pair, live_from, version }).params<Put>() };
}

/** Removes it whether or not it is there: a version that was taken out by hand has none. */
export function removeFallback(
  entities: Entities,
  pair: Pair,
  { stage, lives }: Pick<VersionStage, 'stage' | 'lives'>,
): readonly TransactItem[] {
  if (stage !== 'archived' || lives === undefined) return [];
  const { live_from } = lives.last;
  return [{ Delete: entities.fallback.delete({ ...pair, live_from }).params<Delete>() }];
}
