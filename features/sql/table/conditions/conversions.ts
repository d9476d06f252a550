import { decimal, type SimpleKind, type SqlType } from '../../types.ts';
import { isCastable } from '../casts.ts';
import { type Entry, signature } from '../entry.ts';

const KINDS: readonly SimpleKind[] = [
  'boolean',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'float',
  'double',
  'string',
  'binary',
  'date',
  'timestamp',
];

/** A type as a function: `int(x)` is `CAST(x AS INT)`. */
function conversion(name: string, to: SqlType): Entry {
  return {
    name,
    kind: 'scalar',
    signatures: [
      signature('any', to, ([a = '']) => a, {
        convert: ([from]) => (from !== undefined && isCastable(from, to) === undefined ? [to] : undefined),
      }),
    ],
  };
}

export const TYPE_FUNCTIONS: readonly Entry[] = [
  ...KINDS.map((kind) => conversion(kind, { kind })),
  conversion('decimal', decimal(10, 0)),
];
