import { closestMatch } from 'leven';

/** The known word that a person most likely meant. At most two in five letters may differ; case is ignored. */
export function didYouMean(written: string, known: Iterable<string>): string | undefined {
  const byLower = new Map<string, string>();
  for (const word of known) byLower.set(word.toLowerCase(), word);
  const maxDistance = Math.max(1, Math.round(written.length * 0.4));
  const match = closestMatch(written.toLowerCase().slice(0, 100), [...byLower.keys()], { maxDistance });
  return match === undefined ? undefined : byLower.get(match);
}
