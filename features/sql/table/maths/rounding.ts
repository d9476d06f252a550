import { BIGINT, decimal, DOUBLE, duckDbType, MAX_PRECISION, type SqlType } from '../../types.ts';
import { asDecimal } from '../../wider-type.ts';
import { castSql } from '../casts.ts';
import { plainDecimal } from '../casts/plain-decimal.ts';
import { type Constants, type Entry, type PrintedCall, type Signature, signature } from '../entry.ts';
import { once } from '../once.ts';
import { scaled, unscaled } from '../operators/unscaled.ts';
import { lowBits } from '../wrapped.ts';

const SCALES = ['0', '1', '2', '-1', '-2', '4'];
const first = ([a]: readonly SqlType[]): SqlType => a ?? DOUBLE;
const zeros = (count: number): string => '0'.repeat(Math.max(count, 0));

function scaleOf({ constants }: Constants): number {
  const scale = constants[1];
  return typeof scale === 'string' ? Number(scale) : 0;
}

function known(call: PrintedCall): number {
  const scale = scaleOf(call);
  if (call.constants[1] === null || Math.abs(scale) > 18)
    return call.refuse(`A scale of ${String(call.constants[1])}`, 'use one from -18 to 18');
  return scale;
}

/** Spark, `RoundBase`: a decimal rounded to a scale has room for a carry. */
function roundedType([of]: readonly SqlType[], call: Constants): SqlType {
  if (of?.kind !== 'decimal') throw new TypeError('A decimal is rounded to a decimal.');
  const scale = scaleOf(call);
  const whole = of.precision - of.scale + 1;
  if (scale < 0) return decimal(Math.min(Math.max(whole, 1 - scale), MAX_PRECISION), 0);
  const kept = Math.min(of.scale, scale);
  return decimal(Math.min(whole + kept, MAX_PRECISION), kept);
}

type Division = (n: string, by: string) => string;

/** Half away from zero. */
const halfUp: Division = (n, by) => `(sign(${n}) * ((abs(${n}) + CAST(${by} // 2 AS HUGEINT)) // ${by}))`;

const halfEven: Division = (n, by) => {
  const twice = `2 * abs(${n} % ${by})`;
  const odd = `abs(${n} // ${by}) % 2 = 1`;
  return `(${n} // ${by} + CASE WHEN ${twice} > ${by} OR (${twice} = ${by} AND ${odd}) THEN sign(${n}) ELSE 0 END)`;
};

const down: Division = (n, by) => `(${n} // ${by} - CASE WHEN ${n} % ${by} < 0 THEN 1 ELSE 0 END)`;
const up: Division = (n, by) => `(${n} // ${by} + CASE WHEN ${n} % ${by} > 0 THEN 1 ELSE 0 END)`;

/** The digits of a decimal, divided by the power of ten that leaves `scale` digits after the point. */
function roundDecimal(sql: string, call: PrintedCall, divide: Division): string {
  const scale = known(call);
  const [of] = call.types;
  const { result } = call;
  if (of?.kind !== 'decimal' || result.kind !== 'decimal') throw new TypeError('A decimal is rounded.');
  if (scale < 0 && of.precision - of.scale >= MAX_PRECISION)
    return call.refuse(
      'A negative scale for 38 digits before the point',
      'cast to a decimal of fewer digits',
    );
  if (scale >= of.scale) return castSql(sql, of, result);
  const by = `CAST(1${zeros(of.scale - scale)} AS HUGEINT)`;
  const digits = once([unscaled(sql, of)], ([n = '']) => divide(n, by));
  return scaled(`CAST(${digits} AS HUGEINT) * CAST(1${zeros(-scale)} AS HUGEINT)`, result);
}

function roundInteger(sql: string, call: PrintedCall, divide: Division): string {
  const scale = known(call);
  if (scale >= 0) return sql;
  const power = `CAST(1${zeros(-scale)} AS HUGEINT)`;
  const whole = once([`CAST(${sql} AS HUGEINT)`], ([n = '']) => divide(n, power));
  return lowBits(`CAST(${whole} AS HUGEINT) * ${power}`, call.result, 'HUGEINT');
}

/**
 * Spark rounds the shortest text of a double half up. Away from a half, the double itself gives the same; from 2^53 on, a
 * double has no fraction.
 */
function roundDouble(sql: string, type: SqlType, call: PrintedCall): string {
  const scale = known(call);
  return once([`CAST(${sql} AS DOUBLE)`], ([x = '']) => {
    const power = `CAST('1e${Math.abs(scale)}' AS DOUBLE)`;
    const [shift, back] = scale < 0 ? ['/', '*'] : ['*', '/'];
    const y = `(${x} ${shift} ${power})`;
    const certain = `abs(${y}) < 1e12 AND abs(abs(${y} - trunc(${y})) - 0.5) > 0.001`;
    const exponent = scale < 0 ? `e${scale}` : '';
    const exact = plainDecimal(
      `concat(CAST(${x} AS VARCHAR), '${exponent}')`,
      decimal(38, Math.max(scale, 0)),
    );
    const slow = `CAST(CAST(${exact} AS VARCHAR) AS DOUBLE)${scale < 0 ? ` * ${power}` : ''}`;
    const fraction = `isfinite(${x}) AND abs(${x}) < 9007199254740992`;
    return `CAST(CASE WHEN ${certain} THEN round(${y}) ${back} ${power} WHEN ${fraction} THEN ${slow} ELSE ${x} END AS ${duckDbType(type)})`;
  });
}

function rounded(name: string, divide: Division, floating: readonly Signature[]): Entry {
  const more = { samples: { 1: SCALES } };
  const whole: Signature['duckdb'] = ([a = ''], call) => roundInteger(a, call, divide);
  const fine: Signature['duckdb'] = ([a = ''], call) => roundDecimal(a, call, divide);
  return {
    name,
    kind: 'scalar',
    signatures: [
      signature('integral', first, whole),
      signature('integral, int!', first, whole, more),
      signature('decimal', roundedType, fine),
      signature('decimal, int!', roundedType, fine, more),
      ...floating,
    ],
    examples: [
      `SELECT id, ${name}(x) AS a, ${name}(x, 1) AS b, ${name}(x, -1) AS c, ${name}(x, 5) AS d FROM decimals`,
      `SELECT id, ${name}(x, -1) AS a, ${name}(x, -9) AS b, ${name}(x, 2) AS c FROM ints`,
      `SELECT id, ${name}(x, -1) AS a, ${name}(x, -2) AS b FROM tinyints`,
    ],
  };
}

const FLOATING: Signature['duckdb'] = ([a = ''], call) => roundDouble(a, call.result, call);

/** To a whole number: of doubles a bigint, at whose ends it stops. */
function whole(name: string, aliases: readonly string[], divide: Division): Entry {
  const ofDouble: Signature['duckdb'] = ([a]) => castSql(`${name}(${a})`, DOUBLE, BIGINT);
  return {
    name,
    kind: 'scalar',
    aliases,
    signatures: [
      signature('integral', BIGINT, ([a]) => `CAST(${a} AS BIGINT)`),
      signature('double', BIGINT, ofDouble),
      signature('decimal', wholeType, ([a = ''], call) => roundDecimal(a, call, divide)),
      signature('any, int!', roundedType, ([a = ''], call) => roundDecimal(a, call, divide), {
        samples: { 1: SCALES },
        convert: ([of, scale]) => {
          const type = of === undefined ? undefined : decimalFor(of);
          return type === undefined || scale === undefined ? undefined : [type, scale];
        },
      }),
    ],
    examples: [
      `SELECT id, ${name}(x) AS a, ${name}(x, 1) AS b, ${name}(x, -1) AS c FROM decimals`,
      `SELECT id, ${name}(c_int) AS a, ${name}(c_float) AS b, ${name}(c_string) AS c, ${name}(c_bigint) AS d FROM everything`,
    ],
  };
}

function wholeType([of]: readonly SqlType[]): SqlType {
  if (of?.kind !== 'decimal') throw new TypeError('A decimal is rounded to a decimal.');
  return decimal(Math.min(of.precision - of.scale + 1, MAX_PRECISION), 0);
}

/** The decimal type that Spark converts a number to where it expects some decimal. */
function decimalFor(type: SqlType): SqlType | undefined {
  if (type.kind === 'double') return decimal(30, 15);
  if (type.kind === 'float') return decimal(14, 7);
  return asDecimal(type);
}

export const ROUNDING: readonly Entry[] = [
  rounded('round', halfUp, [
    signature('floating', first, FLOATING),
    signature('floating, int!', first, FLOATING, { samples: { 1: SCALES } }),
  ]),
  rounded('bround', halfEven, []),
  whole('ceil', ['ceiling'], up),
  whole('floor', [], down),
  {
    name: 'rint',
    kind: 'scalar',
    signatures: [signature('double', 'double', ([a]) => `round_even(${a}, 0)`)],
    examples: ['SELECT id, rint(x) AS a FROM doubles'],
  },
];
