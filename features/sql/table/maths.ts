import { type Entry, signature } from './entry.ts';

/** Functions of numbers. */
export const MATHS: readonly Entry[] = [
  {
    name: 'sqrt',
    kind: 'scalar',
    signatures: [
      signature(
        'double',
        'double',
        ([a]) => `(CASE WHEN ${a} < 0 THEN CAST('NaN' AS DOUBLE) ELSE sqrt(${a}) END)`,
      ),
    ],
  },
];
