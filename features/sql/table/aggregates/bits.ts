import type { SqlType } from '../../types.ts';
import { type Entry, signature } from '../entry.ts';

const same = ([a]: readonly SqlType[]): SqlType => a ?? { kind: 'void' };

function logic(name: 'bool_and' | 'bool_or', aliases: readonly string[]): Entry {
  return {
    name,
    kind: 'aggregate',
    aliases,
    signatures: [signature('boolean', 'boolean', ([a], { suffix }) => `${name}(${a})${suffix}`)],
    examples: [`SELECT g AS g, ${name}(x) AS a, ${name}(n > 3) AS b FROM booleans GROUP BY g`],
  };
}

function bits(name: 'bit_and' | 'bit_or' | 'bit_xor'): Entry {
  return {
    name,
    kind: 'aggregate',
    signatures: [
      signature('integral', same, ([a], { suffix, distinct }) => `${name}(${distinct}${a})${suffix}`),
    ],
    examples: [`SELECT g AS g, ${name}(x) AS a, ${name}(DISTINCT n) AS b FROM bigints GROUP BY g`],
  };
}

/** Conditions that hold for all or some rows, and the same bit by bit. */
export const BITS: readonly Entry[] = [
  logic('bool_and', ['every']),
  logic('bool_or', ['any', 'some']),
  bits('bit_and'),
  bits('bit_or'),
  bits('bit_xor'),
];
