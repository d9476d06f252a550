import { pairKey, type Pair } from '#configs/pair.ts';
import type { Version } from './version.ts';

const MOST = 1_000;

/** Caches versions, whose items never change. Evicts the least recently used ones first. */
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
