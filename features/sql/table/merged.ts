import type { Entry } from './entry.ts';

/** Joins the signatures of entries that share a name, as `concat` of texts and of arrays do. */
export function merged(entries: readonly Entry[]): readonly Entry[] {
  const byName = new Map<string, Entry>();
  for (const entry of entries) {
    const other = byName.get(entry.name);
    byName.set(entry.name, other === undefined ? entry : joined(other, entry));
  }
  return [...byName.values()];
}

function joined(a: Entry, b: Entry): Entry {
  if (a.kind !== b.kind) throw new TypeError(`Entries of two kinds share the name ${a.name}.`);
  const aliases = [...new Set([...(a.aliases ?? []), ...(b.aliases ?? [])])];
  const examples = [...(a.examples ?? []), ...(b.examples ?? [])];
  return { ...a, ...b, signatures: [...a.signatures, ...b.signatures], aliases, examples };
}
