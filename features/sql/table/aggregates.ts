import { type Entry, signature } from './entry.ts';
import { lowBits } from './wrapped.ts';

/** Functions of the rows of a group or of a window. */
export const AGGREGATES: readonly Entry[] = [
  {
    name: 'count',
    kind: 'aggregate',
    signatures: [
      signature('', 'bigint', (_args, { suffix }) => `count(*)${suffix}`),
      signature('any', 'bigint', ([a], { suffix, distinct }) => `count(${distinct}${a})${suffix}`),
    ],
  },
  {
    name: 'sum',
    kind: 'aggregate',
    signatures: [
      signature('bigint', 'bigint', ([a], { suffix, distinct }) =>
        lowBits(`sum(${distinct}${a})${suffix}`, { kind: 'bigint' }),
      ),
      signature('double', 'double', ([a], { suffix, distinct }) => `sum(${distinct}${a})${suffix}`),
    ],
  },
  {
    name: 'avg',
    kind: 'aggregate',
    aliases: ['mean'],
    signatures: [
      signature('double', 'double', ([a], { suffix, distinct }) => `avg(${distinct}${a})${suffix}`),
    ],
  },
  {
    name: 'min',
    kind: 'aggregate',
    signatures: [
      signature(
        'orderable',
        ([a]) => a ?? { kind: 'void' },
        ([a], { suffix }) => `min(${a})${suffix}`,
      ),
    ],
  },
  {
    name: 'max',
    kind: 'aggregate',
    signatures: [
      signature(
        'orderable',
        ([a]) => a ?? { kind: 'void' },
        ([a], { suffix }) => `max(${a})${suffix}`,
      ),
    ],
  },
];
