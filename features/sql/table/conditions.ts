import { BOOLEAN } from '../types.ts';
import { type Entry, signature } from './entry.ts';

/** Functions that choose between values. */
export const CONDITIONS: readonly Entry[] = [
  {
    name: 'coalesce',
    kind: 'scalar',
    aliases: ['nvl', 'ifnull'],
    signatures: [signature('T', 'T', (args) => `coalesce(${args.join(', ')})`, { rest: 'T' })],
  },
  {
    name: 'if',
    kind: 'scalar',
    aliases: ['iff'],
    signatures: [signature('boolean, T, T', 'T', ([a, b, c]) => `CASE WHEN ${a} THEN ${b} ELSE ${c} END`)],
  },
  { name: 'isnull', kind: 'scalar', signatures: [signature('any', BOOLEAN, ([a]) => `(${a} IS NULL)`)] },
  {
    name: 'isnotnull',
    kind: 'scalar',
    signatures: [signature('any', BOOLEAN, ([a]) => `(${a} IS NOT NULL)`)],
  },
];
