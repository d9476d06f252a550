import { BOOLEAN } from '../../types.ts';
import { type Entry, signature } from '../entry.ts';
import { ARITHMETIC } from './arithmetic.ts';
import { BITS } from './bits.ts';
import { COMPARISONS } from './comparisons.ts';

const LOGIC: readonly Entry[] = [
  {
    name: 'AND',
    kind: 'scalar',
    signatures: [signature('boolean, boolean', BOOLEAN, ([a, b]) => `(${a} AND ${b})`)],
  },
  {
    name: 'OR',
    kind: 'scalar',
    signatures: [signature('boolean, boolean', BOOLEAN, ([a, b]) => `(${a} OR ${b})`)],
  },
  { name: 'NOT', kind: 'scalar', signatures: [signature('boolean', BOOLEAN, ([a]) => `(NOT ${a})`)] },
  { name: 'IS NULL', kind: 'scalar', signatures: [signature('any', BOOLEAN, ([a]) => `(${a} IS NULL)`)] },
];

/** Operators of values by their sign or keyword, as the parser names them. */
export const VALUE_OPERATORS: readonly Entry[] = [...LOGIC, ...COMPARISONS, ...ARITHMETIC, ...BITS];
