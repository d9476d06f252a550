import type { Pair } from '#configs/pair.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { canonicalJson } from '#configs/canonical.ts';
import { dossierPrefix, firstEntryOf } from '#registry/dossier/segments.ts';
import type { DossierProblem } from '#registry/dossier/verify-dossier.ts';
import type { Registry } from '#registry/registry.ts';

/** The segments of a pair by their first entry, in the order of their keys. */
export async function segmentsOf(objects: ObjectStore, pair: Pair): Promise<ReadonlyMap<number, string>> {
  const segments = new Map<number, string>();
  for await (const { key } of objects.list(dossierPrefix(pair))) {
    segments.set(firstEntryOf(pair, key) ?? 0, (await objects.get(key)).toString('utf8'));
  }
  return segments;
}

/** All segments, one after the other. */
export async function bytesOf(objects: ObjectStore, pair: Pair): Promise<string> {
  return [...(await segmentsOf(objects, pair)).values()].join('');
}

/** What the registry has, one entry a line. */
export async function entryTexts(registry: Registry, pair: Pair): Promise<string> {
  const lines: string[] = [];
  for (let after: string | undefined; ;) {
    const { items, next } = await registry.dossier(
      pair,
      after === undefined ? { limit: 200 } : { limit: 200, after },
    );
    lines.push(...items.map(({ digest: _digest, ...entry }) => `${canonicalJson(entry)}\n`));
    after = next;
    if (after === undefined) return lines.join('');
  }
}

/** Verifies page by page, as the command line does. */
export async function verifyAll(registry: Registry, pair: Pair, limit: number) {
  const problems: DossierProblem[] = [];
  let entries = 0;
  let copies = 0;
  for (let after: string | undefined; ;) {
    const page = await registry.verifyDossier(pair, { limit, ...(after === undefined ? {} : { after }) });
    problems.push(...page.problems);
    entries += page.entries;
    copies += page.copies;
    after = page.next;
    if (after === undefined) return { entries, copies, problems };
  }
}
