import type { Apply, Typed } from '../typed.ts';

/** Results by expression, because an alias makes one expression part of many. */
const KNOWN = new WeakMap<Typed, { readonly found: Apply | undefined }>();

/** What leaves the order of an array to chance. */
export function unorderedIn(value: Typed): Apply | undefined {
  const known = KNOWN.get(value) ?? { found: find(value) };
  KNOWN.set(value, known);
  return known.found;
}

function find(value: Typed): Apply | undefined {
  if (value.kind === 'apply' && value.entry.unordered === true) return value;
  for (const part of partsInOrder(value)) {
    const found = unorderedIn(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Parts whose elements the array of the result holds in their order. */
function partsInOrder(value: Typed): readonly Typed[] {
  switch (value.kind) {
    case 'cast':
      return [value.of];
    case 'case':
      return [
        ...value.branches.map(({ result }) => result),
        ...(value.otherwise === undefined ? [] : [value.otherwise]),
      ];
    case 'apply':
      return value.entry.keepsOrder === true ? value.args : [];
    default:
      return [];
  }
}
