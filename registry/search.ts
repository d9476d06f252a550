import type { Entities } from './entities.ts';
import { badPageToken, onePage, type Page, type PageRequest } from './page.ts';
import { toStage } from './read-items.ts';
import { STAGES, type Stage, type VersionStage } from './stage.ts';

export interface Search {
  /** Default: all stages. */
  readonly stage?: Stage;
  readonly model?: string;
  /** Only valid together with `model`. */
  readonly feature_set?: string;
}

/**
 * Versions by stage, model and feature set: stage by stage, each sorted by model, feature set and version. Read from
 * an index that may lag briefly.
 */
export function createSearch(entities: Entities) {
  return async (
    { stage, model, feature_set }: Search,
    page: PageRequest = {},
  ): Promise<Page<VersionStage>> => {
    const stages = stage === undefined ? STAGES : [stage];
    const limit = page.limit ?? 50;
    const items: VersionStage[] = [];
    let place = startOf(stages, page.after);
    while (place !== undefined && items.length < limit) {
      const within = entities.stage.query.byStage({
        stage: place.stage,
        ...(model === undefined ? {} : { model }),
        ...(model === undefined || feature_set === undefined ? {} : { feature_set }),
      });
      const request = {
        limit: limit - items.length,
        ...(place.after === undefined ? {} : { after: place.after }),
      };
      const found = await onePage(within, request, {}, toStage);
      items.push(...found.items);
      place =
        found.next === undefined
          ? startOf(stagesAfter(stages, place.stage))
          : { stage: place.stage, after: found.next };
    }
    return { items, ...(place === undefined ? {} : { next: tokenOf(place) }) };
  };
}

interface Place {
  readonly stage: Stage;
  readonly after?: string;
}

function startOf(stages: readonly Stage[], token?: string): Place | undefined {
  if (token === undefined) return stages[0] === undefined ? undefined : { stage: stages[0] };
  const [name, after = ''] = token.split('.', 2);
  const stage = stages.find((one) => one === name);
  if (stage === undefined) throw badPageToken(token);
  return after === '' ? { stage } : { stage, after };
}

function tokenOf({ stage, after = '' }: Place): string {
  return `${stage}.${after}`;
}

function stagesAfter(stages: readonly Stage[], stage: Stage): readonly Stage[] {
  return stages.slice(stages.indexOf(stage) + 1);
}
