import { INT, sameType, type SqlType, VOID } from '../types.ts';
import { type Entry, type PrintedCall, signature } from './entry.ts';
import { nameSql } from '../text-sql.ts';

type Field = readonly [name: string, type: SqlType];

function columns(...fields: readonly Field[]): SqlType {
  return { kind: 'struct', fields: fields.map(([name, type]) => ({ name, type })) };
}

const PLACE: Field = ['pos', INT];

function ofArray(type: SqlType | undefined): Field[] {
  return [['col', type?.kind === 'array' ? type.element : VOID]];
}

function ofMap(type: SqlType | undefined): Field[] {
  return [
    ['key', type?.kind === 'map' ? type.key : VOID],
    ['value', type?.kind === 'map' ? type.value : VOID],
  ];
}

const place = (list: string): string => `CAST(generate_subscripts(${list}, 1) - 1 AS INTEGER)`;
const entries = (map: string): string => `unnest(map_keys(${map})), unnest(map_values(${map}))`;

function inline([a = '']: readonly string[], { result }: PrintedCall): string {
  const fields = result.kind === 'struct' ? result.fields : [];
  return fields.map(({ name }) => `unnest(list_transform(${a}, lambda v: v.${nameSql(name)}))`).join(', ');
}

function rowsOf({ constants }: Pick<PrintedCall, 'constants'>): number {
  return Number(constants[0]);
}

/** Values row by row; the last row is filled up with NULL. */
function stacked<T>(values: readonly T[], rows: number): T[][] {
  const width = Math.ceil(values.length / rows);
  return Array.from({ length: width }, (_, column) =>
    values.filter((_of, index) => index % width === column),
  );
}

/** Undefined unless the values of each column are of one type, as Spark demands. */
function stackedTypes(values: readonly SqlType[], rows: number): SqlType[] | undefined {
  const types = stacked(values, rows).map((column) => {
    const [first = VOID, ...others] = column.filter(({ kind }) => kind !== 'void');
    return others.every((other) => sameType(first, other)) ? first : undefined;
  });
  return types.every((type) => type !== undefined) ? types : undefined;
}

function stack([, ...values]: readonly string[], call: PrintedCall): string {
  const rows = rowsOf(call);
  if (!(rows >= 1)) return call.refuse('stack(…) of no rows', 'give a number of rows');
  return stacked(values, rows)
    .map((column) => {
      const filled = [...column, ...Array.from({ length: rows - column.length }, () => 'NULL')];
      return `unnest([${filled.join(', ')}])`;
    })
    .join(', ');
}

/** Functions that make rows. DuckDB's form is a SELECT list over the argument, in which unnest stands. */
export const GENERATORS: readonly Entry[] = [
  {
    name: 'explode',
    kind: 'generator',
    aliases: ['explode_outer'],
    signatures: [
      signature(
        'array',
        ([a]) => columns(...ofArray(a)),
        ([a]) => `unnest(${a})`,
      ),
      signature(
        'map',
        ([a]) => columns(...ofMap(a)),
        ([a = '']) => entries(a),
      ),
    ],
    examples: [
      'SELECT id AS id, explode(tags) AS tag FROM t',
      'SELECT id AS id, explode_outer(tags) AS tag FROM t',
      'SELECT id AS id, name AS name, level AS level FROM t LATERAL VIEW OUTER explode(attrs) a AS name, level',
    ],
  },
  {
    name: 'posexplode',
    kind: 'generator',
    aliases: ['posexplode_outer'],
    signatures: [
      signature(
        'array',
        ([a]) => columns(PLACE, ...ofArray(a)),
        ([a = '']) => `${place(a)}, unnest(${a})`,
      ),
      signature(
        'map',
        ([a]) => columns(PLACE, ...ofMap(a)),
        ([a = '']) => `${place(`map_keys(${a})`)}, ${entries(a)}`,
      ),
    ],
    examples: [
      'SELECT id AS id, p AS p, tag AS tag FROM t LATERAL VIEW posexplode(tags) x AS p, tag',
      'SELECT id AS id, p AS p, tag AS tag FROM t LATERAL VIEW OUTER posexplode(tags) x AS p, tag',
    ],
  },
  {
    name: 'inline',
    kind: 'generator',
    aliases: ['inline_outer'],
    signatures: [signature('array<struct>', ([a]) => (a?.kind === 'array' ? a.element : VOID), inline)],
    examples: [
      "SELECT id AS id, k AS k, v AS v FROM t LATERAL VIEW inline(array(struct(kind AS k, qty AS v), NULL, named_struct('k', 'x', 'v', 1))) x AS k, v",
    ],
  },
  {
    name: 'stack',
    kind: 'generator',
    signatures: [
      signature(
        'int!, any',
        ([, ...values], call) =>
          columns(
            ...(stackedTypes(values, rowsOf(call)) ?? []).map((type, index): Field => [`col${index}`, type]),
          ),
        stack,
        { rest: 'any' },
      ),
    ],
    examples: [
      "SELECT id AS id, what AS what, n AS n FROM t LATERAL VIEW stack(2, 'qty', qty, 'other', int(id)) x AS what, n",
    ],
  },
];
