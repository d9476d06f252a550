import type { Entities } from './entities.ts';
import { onePage, type Page, type PageRequest } from './page.ts';
import { toStage } from './reads-of-pair.ts';
import type { Stage, VersionStage } from './stage.ts';

export interface Search {
  readonly stage: Stage;
  readonly model?: string;
  /** Only together with `model`. */
  readonly feature_set?: string;
}

/** Versions of one stage, over all pairs or within a model: sorted by model, feature set and version. */
export function createSearch(entities: Entities) {
  return async (
    { stage, model, feature_set }: Search,
    page: PageRequest = {},
  ): Promise<Page<VersionStage>> => {
    const within = entities.stage.query.byStage({
      stage,
      ...(model === undefined ? {} : { model }),
      ...(model === undefined || feature_set === undefined ? {} : { feature_set }),
    });
    return onePage(within, page, {}, toStage);
  };
}
