import { BOOLEAN } from '../../types.ts';
import { type Entry, signature } from '../entry.ts';
import { LIKE_OPERATORS } from './like.ts';
import { matches } from './regexes.ts';

/** Operators of texts. */
export const TEXT_OPERATORS: readonly Entry[] = [
  {
    name: '||',
    kind: 'scalar',
    signatures: [signature('string, string', 'string', ([a, b]) => `(${a} || ${b})`)],
    examples: ["SELECT id, x || '-' || y AS a, id || x AS b FROM strings"],
  },
  ...LIKE_OPERATORS,
  {
    name: 'RLIKE',
    kind: 'scalar',
    signatures: [
      signature('string, string!', BOOLEAN, matches, { samples: { 1: ["'[a-c]+'", "'^\\\\s'", "'o$'"] } }),
    ],
  },
];
