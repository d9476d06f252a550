import { type Entry, signature } from './entry.ts';

/** Functions of texts. */
export const TEXTS: readonly Entry[] = [
  {
    name: 'length',
    kind: 'scalar',
    aliases: ['char_length', 'character_length', 'len'],
    signatures: [signature('string', 'int', ([a]) => `CAST(length(${a}) AS INTEGER)`)],
  },
];
