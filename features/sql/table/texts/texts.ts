import type { Entry } from '../entry.ts';
import { BUILDING } from './building.ts';
import { CASE_OF_LETTERS } from './case.ts';
import { DIGESTS } from './digests.ts';
import { LENGTHS } from './lengths.ts';
import { LIKES } from './like.ts';
import { PIECES } from './pieces.ts';
import { REGEXES } from './regexes.ts';
import { SEARCHES } from './search.ts';
import { TRIMS } from './trims.ts';

/** Functions of texts. */
export const TEXTS: readonly Entry[] = [
  ...LENGTHS,
  ...CASE_OF_LETTERS,
  ...TRIMS,
  ...PIECES,
  ...SEARCHES,
  ...BUILDING,
  ...LIKES,
  ...REGEXES,
  ...DIGESTS,
];
