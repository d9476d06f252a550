import { authorsOf } from '#catalog/authors.ts';
import type { AppliedConfigs } from '#catalog/applied-configs.ts';
import type { ConfigStore } from '#catalog/config-store.ts';
import type { RiskTier } from '#configs/model.ts';
import type { Pair } from '#configs/pair.ts';
import { type Authorship, higherTier, isReviewed } from '#registry/versions/authorship.ts';
import type { Registry } from '#registry/registry.ts';
import type { Version } from '#registry/versions/version.ts';

export interface AuthorshipDeps {
  readonly configs: ConfigStore;
  readonly registry: Pick<Registry, 'stages' | 'version'>;
}

export interface Made {
  readonly pair: Pair;
  /** Digest of the applied configs that the version was trained with. */
  readonly configs: string;
  readonly riskTier: RiskTier;
  /** Principals who requested the training and its registration, and who uploaded the model. */
  readonly requestedBy: readonly string[];
}

/** Who counts as an author of a version that is about to be registered, and by which tier's rule it is approved. */
export async function authorshipOf(deps: AuthorshipDeps, made: Made): Promise<Authorship> {
  const configs = await deps.configs.at(made.configs);
  const reviewed = await lastReviewed(deps, made.pair, configs);
  const changed = await authorsOf(deps.configs, made.pair, configs, reviewed?.configs ?? null);
  return {
    authors: [...new Set([...changed, ...made.requestedBy])].toSorted(),
    authors_since: reviewed?.version.version ?? null,
    approval_tier: higherTier(made.riskTier, reviewed?.version.risk_tier ?? made.riskTier),
  };
}

/** The newest version that others have approved and whose configs are not newer than these. */
async function lastReviewed(
  { configs, registry }: AuthorshipDeps,
  pair: Pair,
  made: AppliedConfigs,
): Promise<{ readonly version: Version; readonly configs: AppliedConfigs } | undefined> {
  let after: string | undefined;
  do {
    const page = await registry.stages(pair, after === undefined ? {} : { after });
    for (const stage of page.items.filter(isReviewed)) {
      const version = await registry.version(pair, stage.version);
      const applied = await configs.at(version.configs);
      if (applied.revision <= made.revision) return { version, configs: applied };
    }
    after = page.next;
  } while (after !== undefined);
  return undefined;
}
