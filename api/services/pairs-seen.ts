import type { Principal } from '#access/principal.ts';
import type { AppliedConfigs } from '#catalog/config-store.ts';
import { readersOfPair } from '#catalog/restricted-reading.ts';
import type { Pair } from '#configs/pair.ts';

/** The pairs that a principal may read, for listings that leave the others out. */
export function pairsSeen(recent: () => Promise<AppliedConfigs>) {
  return async ({ roles, teams }: Principal): Promise<(pair: Pair) => boolean> => {
    if (roles.includes('admin')) return () => true;
    const { configs } = await recent();
    return (pair) => {
      const readers = readersOfPair(configs, pair);
      return readers === 'everybody' || (readers !== 'admins' && teams.includes(readers.team));
    };
  };
}
