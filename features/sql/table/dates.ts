import { type Entry, signature } from './entry.ts';

/** Functions of dates and timestamps. */
export const DATES: readonly Entry[] = [
  {
    name: 'year',
    kind: 'scalar',
    signatures: [signature('date', 'int', ([a]) => `CAST(year(${a}) AS INTEGER)`)],
  },
];
