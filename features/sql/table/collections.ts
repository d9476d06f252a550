import { type Entry, signature } from './entry.ts';

/** Functions of arrays, maps and structs, with lambdas. */
export const COLLECTIONS: readonly Entry[] = [
  {
    name: 'transform',
    kind: 'scalar',
    signatures: [
      signature(
        'array<T>, lambda',
        ([, body]) => ({ kind: 'array', element: body ?? { kind: 'void' } }),
        ([a, f]) => `list_transform(${a}, ${f})`,
        {
          lambdas: ([array]) => [undefined, array?.kind === 'array' ? [array.element] : undefined],
        },
      ),
    ],
  },
];
