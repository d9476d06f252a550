import { type Entry, signature } from '../entry.ts';

/** Operators of texts. */
export const TEXT_OPERATORS: readonly Entry[] = [
  {
    name: '||',
    kind: 'scalar',
    signatures: [signature('string, string', 'string', ([a, b]) => `(${a} || ${b})`)],
    examples: ["SELECT id, x || '-' || y AS a, id || x AS b FROM strings"],
  },
];
