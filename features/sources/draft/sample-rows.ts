import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { MillraceError } from '#errors/millrace-error.ts';
import type { SourceFile } from '../file-facts.ts';
import { pathColumns } from '../layout.ts';
import { changed, unreadable } from '../parquet-footer.ts';
import type { FolderObjects } from './folder-objects.ts';

/** Bounds of what is read and decoded, since the API reads samples too. */
const MOST_FILES = 4;
const MOST_ROWS_OF_A_FILE = 3000;
const MOST_BYTES_OF_A_COLUMN = 8 * 1024 * 1024;
const MOST_BYTES_DECODED = 64 * 1024 * 1024;
const FOOTER_READ = 64 * 1024;

/** Values as texts by column, row by row; null for a missing value. Columns that could not be read are left out. */
export interface Sample {
  readonly rows: number;
  readonly values: ReadonlyMap<string, readonly (string | null)[]>;
}

/** The first rows of some files, spread evenly. `columns` are names in the files. Throws `SOURCE_CHANGED`. */
export async function sampleRows(
  objects: FolderObjects,
  files: readonly SourceFile[],
  columns: readonly string[],
): Promise<Sample> {
  const values = new Map(columns.map((column) => [column, [] as (string | null)[]]));
  let rows = 0;
  for (const file of spread(files, MOST_FILES)) {
    const { count, of } = await sampleFile(objects, file, columns);
    rows += count;
    for (const column of columns) {
      const read = of.get(column);
      if (read === undefined) values.delete(column);
      else values.get(column)?.push(...read);
    }
  }
  return { rows, values };
}

/** Up to `most` of the items, the first and the last among them. */
export function spread<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  const step = (items.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => items[Math.round(index * step)]).filter(
    (item) => item !== undefined,
  );
}

interface FileSample {
  readonly count: number;
  readonly of: ReadonlyMap<string, readonly (string | null)[]>;
}

async function sampleFile(
  objects: FolderObjects,
  source: SourceFile,
  columns: readonly string[],
): Promise<FileSample> {
  const file = bytesOf(objects, source);
  const metadata = await parquetMetadataAsync(file, { initialFetchSize: FOOTER_READ, geoparquet: false });
  const [group] = metadata.row_groups;
  const count = Math.min(Number(group?.num_rows ?? 0), MOST_ROWS_OF_A_FILE);
  const path = pathColumns(source.key);
  const of = new Map<string, readonly (string | null)[]>();
  for (const column of columns) {
    const value = path.get(column);
    if (value !== undefined || count === 0) {
      of.set(
        column,
        Array.from({ length: count }, () => value ?? null),
      );
      continue;
    }
    const chunk = group?.columns.find(({ meta_data: one }) => one?.path_in_schema.join('.') === column);
    if (!isReadable(chunk?.meta_data)) continue;
    const asked = { file, metadata, columns: [column], rowStart: 0, rowEnd: count, compressors: COMPRESSORS };
    try {
      of.set(
        column,
        (await parquetReadObjects(asked)).map((row) => textOf(row[column])),
      );
    } catch (error) {
      // The decoder throws whatever its position in wrong bytes leads to.
      throw error instanceof MillraceError
        ? error
        : unreadable(objects, source, 'its rows cannot be read', error);
    }
  }
  return { count, of };
}

function bytesOf(objects: FolderObjects, source: SourceFile) {
  return {
    byteLength: source.size,
    slice: async (from: number, to = source.size): Promise<ArrayBuffer> => {
      const bytes = await objects.getRange(source.key, { from, to, etag: source.etag });
      if (bytes === undefined) throw changed(objects, source);
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    },
  };
}

interface Chunk {
  readonly codec: string;
  readonly total_compressed_size: bigint;
  readonly total_uncompressed_size: bigint;
}

const READABLE: ReadonlySet<string> = new Set(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'BROTLI']);

function isReadable(chunk: Chunk | undefined): boolean {
  return (
    chunk !== undefined &&
    READABLE.has(chunk.codec) &&
    chunk.total_compressed_size <= MOST_BYTES_OF_A_COLUMN &&
    chunk.total_uncompressed_size <= MOST_BYTES_DECODED
  );
}

/** What a page says of its size need not be true. */
const LIMIT = { maxOutputLength: MOST_BYTES_DECODED };

const COMPRESSORS = {
  GZIP: (bytes: Uint8Array) => gunzipSync(bytes, LIMIT),
  ZSTD: (bytes: Uint8Array) => zstdDecompressSync(bytes, LIMIT),
  BROTLI: (bytes: Uint8Array) => brotliDecompressSync(bytes, LIMIT),
};

/** Equal texts for equal values. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'string' ? value : JSON.stringify(value);
}
