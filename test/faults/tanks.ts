import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConfigFile } from '#configs/problem.ts';
import { readConfigFolder } from '#configs/read-folder.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { putParquet } from '#test/support/feature-parts.ts';

const FOLDER = join(import.meta.dirname, 'fixtures');
const MODEL_FILE = 'leak_risk.yaml';

export const TANKS = { set: 'tank_state', rows: 240, asOf: '2026-03-05', scoreDate: '2026-03-04' } as const;

const ROWS = `range(1, ${TANKS.rows + 1}) t(n)`;
const DAYS = `range(0, 5) d(d)`;
const DAY = `DATE '2026-03-01' + CAST(d AS INTEGER)`;
/** Between 0 and 1, fixed by tank and day. */
const wear = `((n * 7919 + CAST(d AS INTEGER) * 104729) % 1009) / 1009.0`;

/** Puts a few hundred rows of raw data into the lake: small, so that a crash has little to repeat. */
export async function putTanks(objects: ObjectStore): Promise<void> {
  await putParquet(
    objects,
    'raw/tanks/tanks.parquet',
    `SELECT CAST(n AS BIGINT) AS tank_id, CAST(1000 + n % 9 * 500 AS DOUBLE) AS capacity_l,
       CASE WHEN n % 3 = 0 THEN 'steel' ELSE 'plastic' END AS material, DATE '2026-02-28' AS loaded_at FROM ${ROWS}`,
  );
  await putParquet(
    objects,
    'raw/levels/levels.parquet',
    `SELECT CAST(n AS BIGINT) AS tank_id, ${DAY} AS read_on, CAST((n % 17) / 17.0 AS DOUBLE) AS fill,
       CAST(1 + ${wear} AS DOUBLE) AS pressure_bar, ${DAY} + 1 AS loaded_at FROM ${ROWS}, ${DAYS}`,
  );
  await putParquet(
    objects,
    'raw/leaks/leaks.parquet',
    `SELECT CAST(n AS BIGINT) AS tank_id, ${DAY} + 1 AS day, CAST(${wear} + (n % 7) / 20.0 > 0.7 AS INTEGER) AS leaked,
       ${DAY} + 1 AS loaded_at FROM ${ROWS}, ${DAYS}`,
  );
}

/** The configs of the fixtures, with a copy of the model under each name; each life has parameters and a schedule of its own. */
export async function tankConfigs(models: readonly string[], life = 1): Promise<readonly ConfigFile[]> {
  const model = await readFile(join(FOLDER, MODEL_FILE), 'utf8');
  const others = (await readConfigFolder(FOLDER)).filter(({ path }) => !path.endsWith(MODEL_FILE));
  const copies = models.map((name) => ({
    path: `${name}.yaml`,
    text: model
      .replace('name: leak_risk', `name: ${name}`)
      .replace('{ C: 1 }', `{ C: ${life} }`)
      .replace('0 5 * * *', `${life} 5 * * *`),
  }));
  return [...others, ...copies];
}
