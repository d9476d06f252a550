import type { SqlType } from '../../types.ts';
import { type Entry, type PrintedCall, type Signature, signature } from '../entry.ts';
import { once } from '../once.ts';

/** Functions that make a text of others. */
export const BUILDING: readonly Entry[] = [
  {
    name: 'concat',
    kind: 'scalar',
    signatures: [
      signature('', 'string', (args) => (args.length === 0 ? "''" : `(${args.join(' || ')})`), {
        rest: 'string',
      }),
    ],
    examples: [
      "SELECT id, concat(x, '-', y) AS a, concat(id, x) AS b, concat() AS c, concat(x) AS d FROM strings",
    ],
  },
  {
    name: 'concat_ws',
    kind: 'scalar',
    signatures: [concatWs()],
    examples: [
      "SELECT id, concat_ws('-', x, n, y) AS a, concat_ws(y, x, 'b') AS b, concat_ws(',') AS c, concat_ws(',', NULL) AS d FROM strings",
      "SELECT id, concat_ws('-', x) AS a, concat_ws(',', x, 'b', y) AS b, concat_ws(NULL, x) AS c FROM string_arrays",
    ],
  },
  { name: 'lpad', kind: 'scalar', signatures: pads('lpad') },
  { name: 'rpad', kind: 'scalar', signatures: pads('rpad') },
  {
    name: 'repeat',
    kind: 'scalar',
    signatures: [signature('string, int', 'string', ([a, b]) => `repeat(${a}, ${b})`)],
  },
  {
    name: 'space',
    kind: 'scalar',
    signatures: [signature('int', 'string', ([a]) => `repeat(' ', ${a})`)],
  },
  {
    name: 'reverse',
    kind: 'scalar',
    signatures: [
      // DuckDB's own reverse keeps marks behind their letters.
      signature('string', 'string', ([a]) => `array_to_string(list_reverse(string_split(${a}, '')), '')`),
    ],
  },
  {
    name: 'replace',
    kind: 'scalar',
    signatures: [
      signature('string, string', 'string', ([a, b]) => `replace(${a}, ${b}, '')`),
      signature('string, string, string', 'string', ([a, b, c]) => `replace(${a}, ${b}, ${c})`),
    ],
  },
  {
    name: 'translate',
    kind: 'scalar',
    signatures: [
      signature(
        'string, string!, string!',
        'string',
        ([a, b, c], call) => {
          if (String(call.constants[2]).includes('\0'))
            call.refuse('translate to the NUL character', 'use replace(…)');
          return `translate(${a}, ${b}, ${c})`;
        },
        { samples: { 1: ["'abc'", "'aab'", "'é😀'", "''"], 2: ["'xy'", "'1234'", "''"] } },
      ),
    ],
  },
  {
    name: 'overlay',
    kind: 'scalar',
    signatures: [
      signature('string, string, int!', 'string', overlay, { samples: { 2: ['1', '3', '100'] } }),
      signature('string, string, int!, int!', 'string', overlay, {
        samples: { 2: ['1', '3'], 3: ['0', '2', '-1'] },
      }),
    ],
    examples: [
      "SELECT id, overlay(x PLACING '_' FROM 2) AS a, overlay(x PLACING y FROM 2 FOR 3) AS b FROM strings",
    ],
  },
];

/** Arguments are texts or arrays of texts; NULL is skipped. */
function concatWs(): Signature {
  const text: SqlType = { kind: 'string' };
  const texts: SqlType = { kind: 'array', element: text };
  const joined = (
    [separator = '', ...parts]: readonly string[],
    { types, constants }: PrintedCall,
  ): string => {
    if (types.slice(1).every(({ kind }) => kind === 'string'))
      return `concat_ws(${[separator, ...parts, 'NULL'].join(', ')})`;
    const lists = parts.map((part, index) =>
      types[index + 1]?.kind === 'array' ? `coalesce(${part}, [])` : `[${part}]`,
    );
    const all = `list_filter(${lists.reduce((left, right) => `list_concat(${left}, ${right})`)}, lambda e: e IS NOT NULL)`;
    if (typeof constants[0] === 'string') return `array_to_string(${all}, ${separator})`;
    return once([separator], ([by = '']) => {
      const separated = `list_transform(${all}, lambda e, i: CASE i WHEN 1 THEN e ELSE ${by} || e END)`;
      return `CASE WHEN ${by} IS NOT NULL THEN array_to_string(${separated}, '') END`;
    });
  };
  return signature('string', 'string', joined, {
    rest: 'any',
    convert: (types) =>
      types.every(({ kind }) => kind !== 'map' && kind !== 'struct' && kind !== 'binary')
        ? types.map(({ kind }) => (kind === 'array' ? texts : text))
        : undefined,
  });
}

function pads(duckdb: 'lpad' | 'rpad'): readonly Signature[] {
  const padded = (
    [text = '', length = '', pad = "' '"]: readonly string[],
    { constants }: PrintedCall,
  ): string => {
    const size = constants[1];
    const atLeastZero = (n: string): string =>
      typeof size === 'string'
        ? String(Math.max(Number(size), 0))
        : `CASE WHEN ${n} < 0 THEN 0 ELSE ${n} END`;
    const by = constants[2];
    if (by === undefined && pad !== "' '")
      return once(
        [text, length, pad],
        ([t = '', n = '', p = '']) =>
          `CASE WHEN ${p} = '' THEN left(${t}, ${atLeastZero(n)}) ELSE ${duckdb}(${t}, ${atLeastZero(n)}, ${p}) END`,
      );
    return once([length], ([n = '']) =>
      by === '' ? `left(${text}, ${atLeastZero(n)})` : `${duckdb}(${text}, ${atLeastZero(n)}, ${pad})`,
    );
  };
  return [signature('string, int', 'string', padded), signature('string, int, string', 'string', padded)];
}

/** The place is counted from 1; without a length, as many characters are replaced as are put in. */
function overlay(args: readonly string[], call: PrintedCall): string {
  const [text = '', by = ''] = args;
  const place = Number(call.constants[2]);
  const length = call.constants[3] === undefined ? -1 : Number(call.constants[3]);
  if (!(place >= 1)) call.refuse('overlay before the first character', 'count from 1');
  return once([text, by], ([t = '', b = '']) => {
    const rest = length < 0 ? `${place} + length(${b})` : String(place + length);
    return `(left(${t}, ${place - 1}) || ${b} || substring(${t}, ${rest}))`;
  });
}
