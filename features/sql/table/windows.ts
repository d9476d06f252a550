import { type Entry, signature } from './entry.ts';

/** Functions of the order of rows in a window. */
export const WINDOWS: readonly Entry[] = [
  {
    name: 'row_number',
    kind: 'window',
    needsOrder: true,
    signatures: [signature('', 'int', (_args, { suffix }) => `CAST(row_number()${suffix} AS INTEGER)`)],
  },
];
