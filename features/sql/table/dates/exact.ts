import type { TypeKind } from '../../types.ts';
import { type Signature, signature } from '../entry.ts';

/** A signature for exactly these types, where Spark does not turn a text or another kind of moment into the one it needs. */
export function exact(
  patterns: string,
  kinds: readonly (TypeKind | undefined)[],
  result: Signature['result'],
  duckdb: Signature['duckdb'],
): Signature {
  return signature(patterns, result, duckdb, {
    convert: (args) =>
      args.every(({ kind }, index) => kind === (kinds[index] ?? kind) && kind !== 'void') ? args : undefined,
  });
}
