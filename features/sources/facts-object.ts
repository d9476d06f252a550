import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { getIfPresent } from '#platform/objects/verified-object.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { FileFacts } from './file-facts.ts';

const column = z.object({ name: z.string(), type: z.string() });

/** Columns once for all files that have the same. */
const schema = z.object({
  columns: z.array(z.array(column)),
  files: z.record(
    z.string(),
    z.object({
      rows: z.int(),
      columns: z.int(),
      earliest: z.record(z.string(), z.string().nullable()),
      exact: z.array(z.string()),
    }),
  ),
});

type Content = z.input<typeof schema>;

/** The facts that were written for a location; none if the object does not exist or cannot be read: it is derived data. */
export async function readKnownFacts(
  objects: ObjectStore,
  location: string,
): Promise<Map<string, FileFacts>> {
  const body = await getIfPresent(objects, factsKey(location));
  const parsed = body === undefined ? undefined : schema.safeParse(await unpacked(body)).data;
  const facts = new Map<string, FileFacts>();
  for (const [name, file] of Object.entries(parsed?.files ?? {})) {
    const columns = parsed?.columns[file.columns];
    if (columns !== undefined) facts.set(name, { ...file, columns });
  }
  return facts;
}

/** Of two writers, the later one wins; what it leaves out is read again. */
export async function writeKnownFacts(
  objects: ObjectStore,
  location: string,
  facts: ReadonlyMap<string, FileFacts>,
): Promise<void> {
  const layouts = new Map<string, number>();
  const files = [...facts].map(
    ([name, { columns, exact, earliest, rows }]): [string, Content['files'][string]] => {
      const layout = JSON.stringify(columns);
      const number = layouts.get(layout) ?? layouts.size;
      layouts.set(layout, number);
      return [name, { rows, earliest: { ...earliest }, exact: [...exact], columns: number }];
    },
  );
  const content: Content = {
    columns: [...layouts.keys()].map((layout) => JSON.parse(layout) as Content['columns'][number]),
    files: Object.fromEntries(files),
  };
  const body = await promisify(gzip)(JSON.stringify(content));
  await objects.put(factsKey(location), body, 'application/gzip');
}

/** The version in the name changes with what is read from a footer. */
function factsKey(location: string): string {
  return `footers/${location}facts-3.json.gz`;
}

async function unpacked(body: Buffer): Promise<unknown> {
  try {
    return JSON.parse((await promisify(gunzip)(body)).toString()) as unknown;
  } catch {
    return undefined;
  }
}
