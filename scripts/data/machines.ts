import type { DuckDBConnection } from '@duckdb/node-api';
import { writeRawFile } from './write-parquet.ts';

const MACHINES = 2_000;
const FIRST_DAY = '2026-03-01';
const DAYS = 40;

/**
 * A pseudo-random number in [0, 1) from a name and the row's keys. It has no state, so rows do not depend on their
 * order.
 */
function draw(name: string, ...keys: readonly string[]): string {
  return `((hash('${name}', ${keys.join(', ')}) % 1000003) / 1000003.0)`;
}

/** Approximately normal with mean 0 and standard deviation 1: the sum of twelve uniform numbers minus six. */
function bell(name: string, ...keys: readonly string[]): string {
  const draws = Array.from({ length: 12 }, (_, i) => draw(`${name}-${String(i)}`, ...keys));
  return `(${draws.join(' + ')} - 6)`;
}

function pick(values: readonly string[], name: string, key: string): string {
  const list = values.map((value) => `'${value}'`).join(', ');
  return `([${list}])[1 + CAST(floor(${draw(name, key)} * ${String(values.length)}) AS INTEGER)]`;
}

const BUILD = [
  `CREATE TEMP TABLE machines AS
    SELECT
      n,
      'm-' || lpad(CAST(n AS VARCHAR), 4, '0') AS machine_id,
      ${pick(['aalborg', 'bilbao', 'cork', 'dresden', 'espoo'], 'site', 'n')} AS site,
      ${pick(['crusher', 'loader', 'pump', 'winch'], 'family', 'n')} AS family,
      CASE WHEN ${draw('ownership', 'n')} < 0.35 THEN 'leased' ELSE 'owned' END AS ownership,
      CAST(20 + floor(${draw('power', 'n')} * 30) * 10 AS DOUBLE) AS rated_power_kw,
      DATE '2012-01-01' + CAST(floor(${draw('installed', 'n')} * 5000) AS INTEGER) AS installed_on,
      DATE '2026-02-28' AS loaded_at
    FROM range(1, ${String(MACHINES + 1)}) t(n)`,
  // Wear builds up slowly in some machines. Heat, vibration and errors follow it, and stoppages follow those.
  `CREATE TEMP TABLE days AS
    SELECT
      m.n, m.machine_id, m.family, m.installed_on, d,
      DATE '${FIRST_DAY}' + CAST(d AS INTEGER) AS day,
      greatest(0.0, ${draw('wear', 'n')} * 1.6 - 0.9 + d * (${draw('decay', 'n')} * 0.03 - 0.005)) AS wear,
      0.2 + 0.5 * ${draw('load', 'n')} + 0.3 * ${draw('load-day', 'n', 'd')} AS load_ratio
    FROM machines m, range(0, ${String(DAYS)}) t(d)`,
  `CREATE TEMP TABLE readings AS
    SELECT
      n, d, machine_id, day AS reading_date,
      CASE WHEN ${draw('probe', 'n', 'd')} < 0.02 THEN NULL
           ELSE round(48 + 22 * load_ratio + 14 * wear + 3 * ${bell('heat', 'n', 'd')}, 1) END AS temperature_c,
      round(greatest(0.1, 1.5 + 2.5 * wear + 0.8 * load_ratio + 0.5 * ${bell('shake', 'n', 'd')}), 2) AS vibration_mm_s,
      round(load_ratio, 3) AS load_ratio,
      CAST(floor(greatest(0.0, 3 * wear + 0.8 * ${bell('errors', 'n', 'd')})) AS INTEGER) AS error_count,
      CASE WHEN load_ratio < 0.4 THEN 'idle' WHEN load_ratio < 0.75 THEN 'normal' ELSE 'heavy' END AS duty,
      day + CASE WHEN ${draw('late', 'n', 'd')} < 0.01 THEN 4 ELSE 1 END AS loaded_at
    FROM days`,
  `CREATE TEMP TABLE telemetry AS
    SELECT * FROM readings
    UNION ALL
    SELECT * REPLACE (round(vibration_mm_s * 0.9, 2) AS vibration_mm_s, loaded_at + 3 AS loaded_at)
    FROM readings WHERE ${draw('corrected', 'n', 'd')} < 0.005`,
  `CREATE TEMP TABLE stoppages AS
    SELECT
      machine_id, day,
      CAST(${draw('stop', 'n', 'd')} < 1 / (1 + exp(-(-5.6 + 3.6 * wear + 1.6 * load_ratio
        + CASE WHEN family = 'crusher' THEN 0.7 ELSE 0 END + date_diff('day', installed_on, day) / 6000.0)))
        AS INTEGER) AS stopped,
      day + 1 AS loaded_at
    FROM days`,
];

const TELEMETRY_COLUMNS =
  'machine_id, reading_date, temperature_c, vibration_mm_s, load_ratio, error_count, duty, loaded_at';

/** Generates the machines data set; the rows are the same on every machine. */
export async function makeMachines(connection: DuckDBConnection, folder: string): Promise<void> {
  for (const statement of BUILD) await connection.run(statement);
  const machines = 'SELECT * EXCLUDE (n) FROM machines ORDER BY machine_id';
  await writeRawFile(connection, folder, 'machines', 'machines', machines);
  for (const month of ['2026-03', '2026-04']) {
    const telemetry = `SELECT ${TELEMETRY_COLUMNS} FROM telemetry
      WHERE strftime(reading_date, '%Y-%m') = '${month}' ORDER BY reading_date, machine_id, loaded_at`;
    await writeRawFile(connection, folder, 'telemetry', month, telemetry);
    const stoppages = `SELECT * FROM stoppages WHERE strftime(day, '%Y-%m') = '${month}' ORDER BY day, machine_id`;
    await writeRawFile(connection, folder, 'stoppages', month, stoppages);
  }
}
