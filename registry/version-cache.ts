import { pairKey, type Pair } from '#configs/pair.ts';
import type { Version } from './version.ts';

const MOST = 1_000;

/** Remembers versions that were read: the item of a version never changes. Those that were used least recently go first. */
export function cachedVersions(
  read: (pair: Pair, version: number) => Promise<Version>,
): (pair: Pair, version: number) => Promise<Version> {
  const known = new Map<string, Version>();
  return async (pair, version) => {
    const key = `${pairKey(pair)}/${version}`;
    const found = known.get(key) ?? (await read(pair, version));
    known.delete(key);
    known.set(key, found);
    const [oldest] = known.keys();
    if (known.size > MOST && oldest !== undefined) known.delete(oldest);
    return found;
  };
}
