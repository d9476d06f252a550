import pLimit from 'p-limit';
import type { SourceDraft } from '#configs/source-draft.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ReadFile, SourceFile } from '../file-facts.ts';
import { readFacts } from '../parquet-footer.ts';
import { isDataFile } from '../source-files.ts';
import { chooseKeys } from './choose-keys.ts';
import { declaredColumns } from './declared-columns.ts';
import type { FolderObjects } from './folder-objects.ts';
import { foundColumns } from './found-columns.ts';
import { sampleRows, spread } from './sample-rows.ts';
import { chooseTimes } from './times.ts';

/** Bounds of what is looked at. */
const MOST_LISTED = 100_000;
const MOST_READ = 100;
const READS_AT_ONCE = 16;
/** Columns whose values are compared; the ones that come first in the files. */
const MOST_SAMPLED = 40;

const PROTECTED =
  /(^|_)(sex|gender|age|ages|birth|birthday|birthdate|born|dob|race|racial|ethnic|ethnicity|religion|marital|marriage|pregnant|disability|disabled|nationality|citizenship|union)(_|$)/i;

/**
 * What the Parquet files of a folder say about a source. Reads footers of some files and the first rows of a few; gives no value of
 * a row. Throws `SOURCE_EMPTY`, `SOURCE_FILE_UNREADABLE`, `SOURCE_CHANGED`, `SOURCE_NO_TIME`.
 */
export async function draftSource(objects: FolderObjects, location: string): Promise<SourceDraft> {
  const all = await listed(objects, location);
  if (all.length === 0)
    throw new MillraceError('SOURCE_EMPTY', `${objects.uri(location)} holds no Parquet file.`, {
      where: objects.uri(location),
    });
  const limit = pLimit(READS_AT_ONCE);
  const files: ReadFile[] = await Promise.all(
    spread(all, MOST_READ).map((file) =>
      limit(async () => ({ ...file, facts: await readFacts(objects, file) })),
    ),
  );
  const { columns, leftOut } = declaredColumns(foundColumns(files), files.length);
  const times = chooseTimes(columns);
  if (times === undefined) throw noTime(objects.uri(location), leftOut);
  const filled = files.filter(({ facts }) => facts.rows > 0);
  const sampled = columns.filter(({ type }) => !type.includes('<')).slice(0, MOST_SAMPLED);
  const sample = await sampleRows(
    objects,
    filled,
    sampled.map(({ column }) => column),
  );
  const { known, event } = times;
  return {
    files: {
      found: all.length,
      read: files.length,
      rows: files.reduce((sum, { facts }) => sum + facts.rows, 0),
      sampled: sample.rows,
    },
    columns: [...columns],
    left_out: leftOut,
    keys: chooseKeys({ columns, sample, event: event.column, known: known.column }),
    event_time: event,
    known_time: known,
    sensitive: columns.map(({ name }) => name).filter((name) => PROTECTED.test(name)),
  };
}

async function listed(objects: FolderObjects, location: string): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for await (const { key, size, etag } of objects.list(location)) {
    if (isDataFile(key.slice(location.length))) files.push({ key, size, etag });
    if (files.length === MOST_LISTED) break;
  }
  return files.sort((a, b) => (a.key < b.key ? -1 : 1));
}

function noTime(where: string, leftOut: SourceDraft['left_out']): MillraceError {
  const reasons = leftOut.map(({ column, why }) => `${column}: ${why}`);
  return new MillraceError(
    'SOURCE_NO_TIME',
    `No column of ${where} holds dates or timestamps, so nothing says when a row became known.`,
    { where, details: { left_out: reasons } },
  );
}
