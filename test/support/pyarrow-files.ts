import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readEnvironment } from '#configs/environment.ts';
import { withScratchFolder } from '#platform/local-files.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';

const HEAD = `
import datetime as d, sys, uuid
from decimal import Decimal as D
import pyarrow as pa, pyarrow.parquet as pq
def at(text): return d.datetime.fromisoformat(text)
def write(table, **how): pq.write_table(table, sys.argv[1], **how)
`;

/** Puts a Parquet file that pyarrow writes: `program` calls `write(pa.table({…}), …)`. Returns its URI. */
export async function putWithPyarrow(objects: ObjectStore, key: string, program: string): Promise<string> {
  return await withScratchFolder(join(tmpdir(), 'millrace-test'), async (folder) => {
    const path = join(folder, 'part.parquet');
    await promisify(execFile)(readEnvironment().MILLRACE_PYTHON, ['-c', HEAD + program, path]);
    return (await objects.putFile(key, path)).uri;
  });
}
