import { type Entry, signature } from '../entry.ts';

/** Digests and encodings of bytes. */
export const DIGESTS: readonly Entry[] = [
  { name: 'md5', kind: 'scalar', signatures: ofBytes('md5') },
  { name: 'sha1', kind: 'scalar', aliases: ['sha'], signatures: ofBytes('sha1') },
  {
    name: 'sha2',
    kind: 'scalar',
    signatures: ['string', 'binary'].map((type) =>
      signature(
        `${type}, int!`,
        'string',
        ([a], call) =>
          ['0', '256'].includes(String(call.constants[1]))
            ? `sha256(${a})`
            : call.refuse(`sha2 with ${String(call.constants[1])} bits`, 'use 256 bits'),
        { samples: { 1: ['0', '256'] } },
      ),
    ),
  },
  {
    name: 'hex',
    kind: 'scalar',
    signatures: [
      signature('bigint', 'string', ([a]) => `hex(${a})`),
      signature('string', 'string', ([a]) => `hex(${a})`),
      signature('binary', 'string', ([a]) => `hex(${a})`),
    ],
  },
  {
    name: 'base64',
    kind: 'scalar',
    signatures: ['string', 'binary'].map((type) =>
      // Lines of 76 characters, none of them empty.
      signature(type, 'string', ([a]) => {
        const bytes = type === 'string' ? `encode(${a})` : a;
        return `rtrim(regexp_replace(base64(${bytes}), '(.{76})', '\\1' || chr(13) || chr(10), 'g'), chr(13) || chr(10))`;
      }),
    ),
    examples: ['SELECT id, base64(repeat(x, 19)) AS a, base64(repeat(x, 57)) AS b FROM strings'],
  },
];

function ofBytes(duckdb: string) {
  return ['string', 'binary'].map((type) => signature(type, 'string', ([a]) => `${duckdb}(${a})`));
}
