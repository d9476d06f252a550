import type { Entry } from '../entry.ts';

import { DISTANCES } from './distance.ts';
import { EPOCHS } from './epoch.ts';
import { FORMATS } from './format.ts';
import { MAKERS } from './make.ts';
import { PART_FUNCTIONS } from './parts.ts';
import { READERS } from './read.ts';
import { SHIFTS } from './shift.ts';
import { TRUNCATIONS } from './truncate.ts';

import { ZONES } from './zones.ts';

/** Functions of dates and timestamps. */
export const DATES: readonly Entry[] = [
  ...PART_FUNCTIONS,
  ...SHIFTS,
  ...DISTANCES,
  ...TRUNCATIONS,
  ...EPOCHS,
  ...FORMATS,
  ...READERS,
  ...MAKERS,
  ...ZONES,
];
