import type { Entry } from '../entry.ts';
import { BITS } from './bits.ts';
import { COLLECTED } from './collected.ts';
import { COUNTS } from './counts.ts';
import { EXTREMES } from './extremes.ts';
import { GROUPINGS } from './groupings.ts';
import { PAIRS } from './pairs.ts';
import { PERCENTILES } from './percentiles.ts';
import { SPREADS } from './spreads.ts';
import { SUMS } from './sums.ts';

/** Functions of the rows of a group or of a window. */
export const AGGREGATES: readonly Entry[] = [
  ...COUNTS,
  ...SUMS,
  ...EXTREMES,
  ...SPREADS,
  ...PAIRS,
  ...PERCENTILES,
  ...BITS,
  ...COLLECTED,
  ...GROUPINGS,
];
