import type { Entry } from '../entry.ts';
import { signature } from '../entry.ts';
import { ARRAYS } from './arrays.ts';
import { LAMBDAS } from './lambdas.ts';
import { MAPS } from './maps.ts';
import { PLACES, SUBSCRIPT } from './places.ts';
import { SEQUENCES } from './sequences.ts';
import { ARRAY_SETS } from './sets.ts';

/** Functions of arrays, maps and structs, with lambdas. */
export const COLLECTIONS: readonly Entry[] = [
  ...ARRAYS,
  ...ARRAY_SETS,
  ...MAPS,
  ...PLACES,
  ...LAMBDAS,
  ...SEQUENCES,
];

export const COLLECTION_OPERATORS: readonly Entry[] = [
  SUBSCRIPT,
  {
    name: '||',
    kind: 'scalar',
    signatures: [signature('array<T>, array<T>', 'array<T>', ([a, b]) => `(${a} || ${b})`)],
    examples: ['SELECT id AS id, x || y AS a FROM int_arrays'],
  },
];
