import { execFile } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readEnvironment } from '#configs/environment.ts';
import type { Servers } from '#local/servers.ts';
import { tools } from '#local/tools.ts';
import { createS3ObjectStore, ensureBucket } from '#platform/objects/s3-object-store.ts';
import { ensureTable, openTable } from '#platform/table/table.ts';
import { median, ratio } from '../../numbers.ts';
import type { Cost } from './cost.ts';
import { CUSTOMERS, MONTHS, summed, writeStatements } from './statements.ts';

const ROUNDS = 3;
const run = promisify(execFile);
const program = (name: string): string => join(import.meta.dirname, name);

/**
 * One partition of 10 million raw rows with windows, as medians of rounds in which each way takes its turn in a process of
 * its own: ours from compiling to the upload, the same SQL in plain DuckDB, and pandas. Throws if their values differ.
 */
export async function benchLarge(servers: Servers, say: (line: string) => void): Promise<unknown> {
  const env = readEnvironment(servers.env);
  await Promise.all([ensureTable(openTable(env)), ensureBucket(env)]);
  const folder = join(servers.home, 'large');
  const raw = join(folder, 'raw');
  mkdirSync(raw, { recursive: true });
  await writeStatements(createS3ObjectStore(env), raw);
  say(`wrote ${CUSTOMERS * MONTHS} rows`);
  const node = [process.execPath, '--no-warnings'];
  const ways = {
    ours: [...node, program('ours.ts'), folder],
    plain: [...node, program('plain.ts'), folder],
    plain_2_threads: [...node, program('plain.ts'), folder, '2'],
    pandas: [tools.python, program('statements.py'), raw, join(folder, 'pandas.parquet')],
  };
  const costs = new Map<string, Cost[]>();
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [way, [command = '', ...args]] of Object.entries(ways)) {
      const { stdout } = await run(command, args, { env: servers.env });
      const cost = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Cost;
      costs.set(way, [...(costs.get(way) ?? []), cost]);
      say(`${way}: ${cost.seconds.toFixed(1)} s, ${cost.peak_mib} MiB ${JSON.stringify(cost.steps)}`);
    }
  await assertSameValues(folder);
  rmSync(folder, { recursive: true });
  const seconds = (way: keyof typeof ways): number =>
    median((costs.get(way) ?? []).map((one) => one.seconds));
  const peak = (way: keyof typeof ways): number =>
    Math.max(...(costs.get(way) ?? []).map((one) => one.peak_mib));
  return {
    rows: CUSTOMERS * MONTHS,
    memory_limit: env.MILLRACE_DUCKDB_MEMORY,
    ours: { seconds: seconds('ours'), peak_mib: peak('ours'), steps: costs.get('ours')?.at(-1)?.steps },
    plain: { seconds: seconds('plain'), peak_mib: peak('plain') },
    pandas: { seconds: seconds('pandas'), peak_mib: peak('pandas') },
    ours_to_plain: ratio(seconds('ours'), seconds('plain')),
    ours_to_plain_2_threads: ratio(seconds('ours'), seconds('plain_2_threads')),
    pandas_to_ours: ratio(seconds('pandas'), seconds('ours')),
  };
}

async function assertSameValues(folder: string): Promise<void> {
  const [ours = {}, ...others] = await Promise.all(
    ['ours', 'plain', 'pandas'].map((way) => summed(join(folder, `${way}.parquet`))),
  );
  for (const other of others)
    for (const [name, sum] of Object.entries(ours))
      if (Math.abs((other[name] ?? Number.NaN) - sum) > Math.abs(sum) * 1e-9 || !(name in other))
        throw new TypeError(`The builds differ in ${name}: ${sum} and ${other[name]}.`);
}
