import { parquetMetadata } from 'hyparquet';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { FileFacts, SourceFile } from './file-facts.ts';
import { columnsOf } from './parquet-types.ts';

type Objects = Pick<ObjectStore, 'uri' | 'getRange'>;
type Metadata = ReturnType<typeof parquetMetadata>;
type ColumnChunk = NonNullable<Metadata['row_groups'][number]['columns'][number]['meta_data']>;

/** Holds the footer of most files, so that one request reads it. */
const FIRST_READ = 64 * 1024;
/** Length of the footer (4 bytes) and the letters PAR1. */
const TRAILER = 8;
const MAGIC = Buffer.from('PAR1');

/** Reads what the end of a file says about it. Throws `SOURCE_FILE_UNREADABLE`, `SOURCE_CHANGED`. */
export async function readFacts(objects: Objects, file: SourceFile): Promise<FileFacts> {
  const footer = await readFooter(objects, file);
  try {
    return factsOf(parquetMetadata(footer, { geoparquet: false }));
  } catch (error) {
    // The parser throws whatever its position in wrong bytes leads to.
    throw unreadable(objects, file, 'its footer cannot be read', error);
  }
}

async function readFooter(objects: Objects, file: SourceFile): Promise<Uint8Array> {
  const { key, size, etag } = file;
  const from = (bytes: number) => objects.getRange(key, { from: Math.max(0, size - bytes), to: size, etag });
  if (size < TRAILER + MAGIC.length) throw unreadable(objects, file, `it has ${size} bytes`);
  const end = await from(FIRST_READ);
  if (end === undefined) throw changed(objects, file);
  if (!end.subarray(-MAGIC.length).equals(MAGIC))
    throw unreadable(objects, file, 'it does not end as a Parquet file does');
  const length = end.readUInt32LE(end.length - TRAILER) + TRAILER;
  if (length > size) throw unreadable(objects, file, 'its footer is longer than the file');
  if (length <= end.length) return end.subarray(end.length - length);
  const whole = await from(length);
  if (whole === undefined) throw changed(objects, file);
  return whole;
}

export function unreadable(
  objects: Objects,
  { key }: SourceFile,
  why: string,
  cause?: unknown,
): MillraceError {
  return new MillraceError(
    'SOURCE_FILE_UNREADABLE',
    `The file ${objects.uri(key)} is not a complete Parquet file: ${why}.`,
    {
      where: objects.uri(key),
      details: { file: objects.uri(key) },
      ...(cause instanceof Error && { cause }),
    },
  );
}

export function changed(objects: Objects, { key }: SourceFile): MillraceError {
  return new MillraceError('SOURCE_CHANGED', `The file ${objects.uri(key)} changed while it was read.`, {
    where: objects.uri(key),
    details: { file: objects.uri(key) },
  });
}

function factsOf(metadata: Metadata): FileFacts {
  const columns = columnsOf(metadata.schema);
  const chunks = metadata.row_groups.map(
    (group) => new Map(group.columns.map(({ meta_data: chunk }) => [chunk?.path_in_schema.join('.'), chunk])),
  );
  const of = (column: string) => chunks.map((group) => group.get(column));
  const times = columns.filter(({ type }) => ['date', 'timestamp', 'timestamp_ntz'].includes(type));
  const earliest = times.flatMap(({ name }) => {
    const first = earliestOf(of(name));
    return first === undefined ? [] : [[name, first] as const];
  });
  const integers = columns.filter(({ type }) => type === 'bigint' || type === 'ubigint');
  return {
    rows: Number(metadata.num_rows),
    columns,
    earliest: Object.fromEntries(earliest),
    exact: integers.map(({ name }) => name).filter((name) => of(name).every(isExact)),
  };
}

/** Undefined if one of the row groups does not tell. */
function earliestOf(chunks: readonly (ColumnChunk | undefined)[]): string | null | undefined {
  let earliest: number | null = null;
  for (const chunk of chunks) {
    if (isEmpty(chunk)) continue;
    // The bounds of the old INT96 are in no defined order.
    const least =
      chunk?.type === 'INT96' ? undefined : (chunk?.statistics?.min_value ?? chunk?.statistics?.min);
    if (!(least instanceof Date) || Number.isNaN(least.getTime())) return undefined;
    // The parser cuts off what is finer than a millisecond, towards 1970.
    const from = least.getTime() < 0 ? least.getTime() - 1 : least.getTime();
    earliest = Math.min(earliest ?? Infinity, from);
  }
  return earliest === null ? null : new Date(earliest).toISOString();
}

const LARGEST = 2n ** 53n;

function isExact(chunk: ColumnChunk | undefined): boolean {
  if (isEmpty(chunk)) return true;
  const { min_value, max_value, min, max } = chunk?.statistics ?? {};
  const [least, greatest] = [min_value ?? min, max_value ?? max];
  return (
    typeof least === 'bigint' && typeof greatest === 'bigint' && least >= -LARGEST && greatest <= LARGEST
  );
}

function isEmpty(chunk: ColumnChunk | undefined): boolean {
  const nulls = chunk?.statistics?.null_count;
  return chunk !== undefined && (chunk.num_values === 0n || nulls === chunk.num_values);
}
