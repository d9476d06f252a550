import type { Entry } from '../entry.ts';
import { FLOATS } from './floats.ts';
import { INTEGERS } from './integers.ts';
import { POWERS } from './powers.ts';
import { ROUNDING } from './rounding.ts';

/** Functions of numbers. */
export const MATHS: readonly Entry[] = [...ROUNDING, ...INTEGERS, ...FLOATS, ...POWERS];
