import { seeded } from './seeded.ts';
import type { Table } from './tables.ts';

const ROWS = 80;

/** Events of a few entities, as a source holds them. */
export function behaviour(): Table {
  const random = seeded(20_240_229);
  const pick = (values: readonly string[]): string => values[Math.floor(random() * values.length)] ?? 'NULL';
  const orNull = (value: string, share = 0.1): string => (random() < share ? 'NULL' : value);
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const id = 1 + Math.floor(random() * 14);
    // Row by row a later day, from before a leap day to after a change of the clocks.
    const day = `DATE '2023-12-28' + ${Math.floor(row * 1.3)}`;
    const seconds = (row * 7919) % 86_400;
    return [
      String(id),
      day,
      orNull(pick(['10', '20.5', '-3.25', '0', "'nan'", '0.1', '1e6', '99.99', String(row * 1.1)])),
      orNull(String(Math.floor(random() * 12) - 2)),
      orNull(pick(["'normal'", "'fee'", "'Refund'", "''", "'straße'"])),
      orNull(`TIMESTAMP '2023-12-28' + INTERVAL (${row * 111_800_000 + seconds}) MILLISECONDS`, 0.04),
      orNull(pick(['true', 'false'])),
      orNull(pick(['0.00', '1.25', '-7.50', '1234567890.12', '0.05', String(row)])),
      orNull(pick(['[]', "['a']", "['b', 'a', NULL]", "['x', 'x', 'y']"])),
      orNull(pick(['MAP {}', "MAP {'a': 1}", "MAP {'a': 2, 'b': NULL}", "MAP {'c': 3}"])),
    ];
  });
  return {
    name: 't',
    columns: [
      { name: 'id', type: 'bigint' },
      { name: 'day', type: 'date' },
      { name: 'amount', type: 'double' },
      { name: 'qty', type: 'int' },
      { name: 'kind', type: 'string' },
      { name: 'ts', type: 'timestamp' },
      { name: 'flag', type: 'boolean' },
      { name: 'dec', type: 'decimal(12,2)' },
      { name: 'tags', type: { array: 'string' } },
      { name: 'attrs', type: { map: ['string', 'int'] } },
    ],
    keys: ['id', 'day'],
    rows,
  };
}

/** To join with `t`: some entities of `t`, some twice, some unknown to `t`, and one without an id. */
export function scored(): Table {
  const ids = ['1', '2', '3', '3', '5', '6', '7', '8', '9', '9', '21', '22', 'NULL'];
  const cities = ["'Berlin'", "'İzmir'", "'São Paulo'", 'NULL', "''"];
  return {
    name: 'u',
    columns: [
      { name: 'id', type: 'bigint' },
      { name: 'score', type: 'double' },
      { name: 'city', type: 'string' },
    ],
    keys: [],
    rows: ids.map((id, row) => [
      id,
      row === 4 ? 'NULL' : row === 7 ? "'nan'" : String(row / 8),
      cities[row % cities.length] ?? 'NULL',
    ]),
  };
}
