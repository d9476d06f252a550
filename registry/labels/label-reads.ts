import { sharedReads } from '#platform/table/shared-reads.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import type { RegistryStore } from '../commit-to-pair.ts';
import { noLiveVersion } from '../deployments/no-live-version.ts';
import type { Reads } from '../reads.ts';
import type { VersionStage } from '../versions/stage.ts';
import { aliasesOf, aliasNotFound, findAlias, LIVE_ALIAS, type Alias } from './alias.ts';
import { readTags, type TaggedVersion } from './tags.ts';

/** Where an alias points, with the stage of that version. */
export interface ResolvedAlias {
  readonly stage: VersionStage;
  /** Identifies this target of the alias. */
  readonly revision: string;
}

const MOST_GUESSES = 1_000;

/** Reads of tags and aliases, all strongly consistent. */
export function createLabelReads({ entities }: RegistryStore, reads: Pick<Reads, 'state' | 'stage'>) {
  const sharedAlias = sharedReads<Alias | undefined>();
  /** Where each alias last pointed, so that alias and stage can be read at once. Used only if it still points there. */
  const guesses = new Map<string, number>();

  async function aliasedStage(pair: Pair, name: string): Promise<ResolvedAlias> {
    if (name === LIVE_ALIAS) return liveStage(pair);
    const key = `${pairKey(pair)}/${name}`;
    const guess = guesses.get(key);
    const [alias, guessed] = await Promise.all([
      sharedAlias(key, () => findAlias(entities, pair, name)),
      // A wrong guess may name a version that was deleted since.
      guess === undefined ? undefined : reads.stage(pair, guess).catch(() => undefined),
    ]);
    if (alias === undefined) {
      guesses.delete(key);
      await reads.state(pair);
      throw aliasNotFound(pair, name);
    }
    if (guesses.size >= MOST_GUESSES) guesses.clear();
    guesses.set(key, alias.version);
    const stage = guessed?.version === alias.version ? guessed : await reads.stage(pair, alias.version);
    return { stage, revision: String(alias.revision) };
  }

  async function liveStage(pair: Pair): Promise<ResolvedAlias> {
    const state = await reads.state(pair);
    const { live } = state;
    if (live === null) throw noLiveVersion(state);
    return { stage: await reads.stage(pair, live.version), revision: `live-${live.deployment}` };
  }

  return {
    /** The version that an alias, or `live`, points to. Throws `ALIAS_NOT_FOUND`, `NO_LIVE_VERSION`, `PAIR_NOT_FOUND`. */
    aliasedStage,
    /** By name, without `live`. */
    aliases: (pair: Pair): Promise<readonly Alias[]> => aliasesOf(entities, pair),
    /** Throws `VERSION_NOT_FOUND`, `VERSION_DELETED`. */
    tags: async (pair: Pair, version: number): Promise<TaggedVersion> => {
      const [tags] = await Promise.all([readTags(entities, pair, version), reads.stage(pair, version)]);
      return tags;
    },
  };
}
