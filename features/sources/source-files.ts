import pLimit from 'p-limit';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { readKnownFacts, writeKnownFacts } from './facts-object.ts';
import type { FileFacts, ReadFile, SourceFile } from './file-facts.ts';
import { readFacts } from './parquet-footer.ts';

const READS_AT_ONCE = 32;

/** Footers that this process has read, by location and file. A file with the same ETag has the same footer. */
const known = new WeakMap<ObjectStore, Map<string, Map<string, FileFacts>>>();

/**
 * Data files of a source's folder with what their footers say, sorted by key. Files and folders whose name starts with `_` or
 * `.` are not data. A footer is read once: what is known is kept in the bucket, under `footers/`. Throws
 * `SOURCE_FILE_UNREADABLE`, `SOURCE_CHANGED`.
 */
export async function sourceFiles(objects: ObjectStore, location: string): Promise<readonly ReadFile[]> {
  const files = await listFiles(objects, location);
  const before = await factsOf(objects, location);
  const limit = pLimit(READS_AT_ONCE);
  const read = await Promise.all(
    files.map(async (file): Promise<ReadFile> => {
      const facts = before.get(nameOf(file)) ?? (await limit(() => readFacts(objects, file)));
      return { ...file, facts };
    }),
  );
  if (read.every((file) => before.has(nameOf(file)))) return read;
  const now = new Map(read.map((file) => [nameOf(file), file.facts]));
  known.get(objects)?.set(location, now);
  await writeKnownFacts(objects, location, now);
  return read;
}

async function listFiles(objects: ObjectStore, location: string): Promise<SourceFile[]> {
  const found: SourceFile[] = [];
  for await (const { key, size, etag } of objects.list(location)) {
    const path = key.slice(location.length);
    if (isDataFile(path)) found.push({ key, size, etag });
  }
  return found.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Whether a path below a source's folder is a Parquet file of data. */
export function isDataFile(path: string): boolean {
  return path.endsWith('.parquet') && !/(^|\/)[_.]/.test(path);
}

async function factsOf(objects: ObjectStore, location: string): Promise<ReadonlyMap<string, FileFacts>> {
  const locations = known.get(objects) ?? new Map<string, Map<string, FileFacts>>();
  known.set(objects, locations);
  const found = locations.get(location) ?? (await readKnownFacts(objects, location));
  locations.set(location, found);
  return found;
}

function nameOf({ key, size, etag }: SourceFile): string {
  return `${etag} ${size} ${key}`;
}
