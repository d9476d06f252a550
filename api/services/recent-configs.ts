import type { AppliedConfigs } from '#catalog/config-store.ts';

/** How long a mark `read: team` may take to hold in every API process. */
const FRESH_MS = 1_000;

/** The applied configs as they were at most a second ago, so that reads do not each cost another read of the table. */
export function recentConfigs(current: () => Promise<AppliedConfigs>): () => Promise<AppliedConfigs> {
  let kept: { readonly configs: Promise<AppliedConfigs>; readonly until: number } | undefined;
  return () => {
    const at = performance.now();
    if (kept !== undefined && at < kept.until) return kept.configs;
    const begun = { configs: current(), until: at + FRESH_MS };
    kept = begun;
    // A failed read is not kept: the next request tries again.
    begun.configs.catch(() => {
      if (kept === begun) kept = undefined;
    });
    return begun.configs;
  };
}
