import type { SqlType } from '../types.ts';
import { type Entry, signature } from './entry.ts';

function columns(...fields: readonly (readonly [string, SqlType])[]): SqlType {
  return { kind: 'struct', fields: fields.map(([name, type]) => ({ name, type })) };
}

/** Functions that make rows. DuckDB's form is a SELECT list over the argument, in which unnest stands. */
export const GENERATORS: readonly Entry[] = [
  {
    name: 'explode',
    kind: 'generator',
    signatures: [
      signature(
        'array',
        ([a]) => columns(['col', a?.kind === 'array' ? a.element : { kind: 'void' }]),
        ([a]) => `unnest(${a})`,
      ),
    ],
  },
];
