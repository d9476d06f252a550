import type { ConfigSet } from '#configs/config-set.ts';
import type { ConfigStore } from './config-store.ts';

/** How long another process's apply may go unnoticed. */
const KEPT_MS = 60_000;

/**
 * Reads the applied configs for facts that label work and decide nothing. They are read at most once a minute, except for what they
 * did not hold, and a state that was read stays good while the table does not answer.
 */
export function createWorkOwners(store: Pick<ConfigStore, 'current'>, now: () => number = Date.now) {
  let kept: { readonly configs: ConfigSet; readonly at: number } | undefined;
  let reading: Promise<ConfigSet> | undefined;

  function read(): Promise<ConfigSet> {
    reading ??= store
      .current()
      .then(({ configs }) => {
        kept = { configs, at: now() };
        return configs;
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  }

  async function configs(): Promise<ConfigSet> {
    if (kept === undefined) return read();
    if (now() - kept.at < KEPT_MS) return kept.configs;
    const { configs: old } = kept;
    return read().catch(() => old);
  }

  /** The document, read again if what is kept does not hold it. */
  async function find<T>(pick: (from: ConfigSet) => T | undefined): Promise<T | undefined> {
    return pick(await configs()) ?? pick(await read());
  }

  return {
    /** The team that owns a model, and the priority of its trainings. */
    ofModel: (name: string) =>
      find(({ models }) => models.get(name)).then(
        (model) => model && { team: model.owner, priority: model.resources.priority },
      ),
    ofFeatureSet: (name: string) =>
      find(({ featureSets }) => featureSets.get(name)).then((set) => set && { team: set.owner }),
  };
}

export type WorkOwners = ReturnType<typeof createWorkOwners>;
