import { MillraceError } from '#errors/millrace-error.ts';
import { pairKey, type Pair } from '#configs/pair.ts';

/** Other writers of a pair won every round until the deadline. */
export function registryBusy(pair: Pair, rounds: number): MillraceError {
  const where = pairKey(pair);
  return new MillraceError('REGISTRY_BUSY', `${where} was changed by others ${rounds} times.`, {
    where,
    details: { rounds },
  });
}
