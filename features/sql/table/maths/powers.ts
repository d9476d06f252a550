import { type Entry, signature } from '../entry.ts';
import { once, stop } from '../once.ts';

const NAN = "CAST('nan' AS DOUBLE)";
/** Makes a negative zero positive. */
const ZERO = "CAST('0' AS DOUBLE)";
const INFINITY = "CAST('inf' AS DOUBLE)";

type Form = (x: string) => string;

/** A function of one double. DuckDB fails on arguments outside a function's domain, where Java gives NaN and Spark NULL. */
function ofDouble(name: string, form: Form, examples: Entry['examples'] = []): Entry {
  return {
    name,
    kind: 'scalar',
    signatures: [signature('double', 'double', ([a = '']) => once([a], ([x = '']) => form(x)))],
    examples:
      examples.length > 0 ? examples : [`SELECT id, ${name}(x) AS a, ${name}(x / 1000) AS b FROM doubles`],
  };
}

/** The last digit of a great angle decides all digits of its sine. */
const finite =
  (of: Form): Form =>
  (x) =>
    `(CASE WHEN NOT isfinite(${x}) THEN ${NAN} WHEN abs(${x}) > ${GREATEST_ANGLE} THEN ${stop('an angle of more than a million has no certain sine')} ELSE ${of(x)} END)`;

const GREATEST_ANGLE = 1_000_000;

function ofAngle(name: string, of: Form): Entry {
  return ofDouble(name, finite(of), [
    `SELECT id, ${name}(x) AS a, ${name}(x / 1000) AS b FROM doubles WHERE abs(x) <= ${GREATEST_ANGLE}`,
    `SELECT id, ${name}(x) AS a FROM doubles WHERE x IS NULL OR isnan(x) OR abs(x) = double('inf')`,
    { sql: `SELECT ${name}(x) AS a FROM doubles WHERE x = 1e16`, outcome: 'stopped' },
  ]);
}

const within =
  (of: string): Form =>
  (x) =>
    `(CASE WHEN isnan(${x}) OR abs(${x}) > 1 THEN ${NAN} ELSE ${of}(${x}) END)`;

/** Logarithms of what is not positive are NULL. */
const positive =
  (of: Form): Form =>
  (x) =>
    `(CASE WHEN isnan(${x}) THEN ${x} WHEN ${x} > 0 THEN ${of(x)} END)`;

/** One over a value, which may be zero of either sign. */
function inverse(of: string): string {
  const signed = `CASE WHEN CAST(${of} AS VARCHAR) LIKE '-%' THEN -${INFINITY} ELSE ${INFINITY} END`;
  return `(CASE WHEN ${of} = 0 THEN ${signed} ELSE 1 / ${of} END)`;
}

/** `ln(1 + x)` and `exp(x) - 1` lose the digits of a small x. */
const logOfOnePlus: Form = (x) =>
  `(CASE WHEN abs(${x}) < 0.00001 THEN ${x} - ${x} * ${x} / 2 + ${x} * ${x} * ${x} / 3 ELSE ln(1 + ${x}) END)`;
const expMinusOne: Form = (x) =>
  `(CASE WHEN abs(${x}) < 0.00001 THEN ${x} + ${x} * ${x} / 2 + ${x} * ${x} * ${x} / 6 ELSE exp(${x}) - 1 END)`;

const LOGARITHMS: readonly Entry[] = [
  ofDouble(
    'ln',
    positive((x) => `ln(${x})`),
  ),
  ofDouble(
    'log10',
    positive((x) => `log10(${x})`),
  ),
  ofDouble(
    'log2',
    positive((x) => `log2(${x})`),
  ),
  ofDouble('log1p', (x) => `(CASE WHEN isnan(${x}) THEN ${x} WHEN ${x} > -1 THEN ${logOfOnePlus(x)} END)`),
  {
    name: 'log',
    kind: 'scalar',
    signatures: [
      signature('double', 'double', ([a = '']) => once([a], ([x = '']) => positive((of) => `ln(${of})`)(x))),
      signature('double, double', 'double', ([a = '', b = '']) =>
        once([a, b], ([base = '', x = '']) => {
          const [top, bottom] = [`ln(${x})`, `ln(${base})`];
          const ofOne = `CASE WHEN ${x} = 1 OR isnan(${x}) THEN ${NAN} ELSE sign(${top}) * ${INFINITY} END`;
          const both = `${base} > 0 AND ${x} > 0`;
          return `(CASE WHEN ${both} THEN CASE WHEN ${base} = 1 THEN ${ofOne} ELSE ${top} / ${bottom} END END)`;
        }),
      ),
    ],
    examples: ['SELECT id, log(x) AS a, log(2, x) AS b, log(x, y) AS c, log(1, x) AS d FROM doubles'],
  },
];

const TRIGONOMETRY: readonly Entry[] = [
  ...['sin', 'cos', 'tan'].map((name) => ofAngle(name, (x) => `${name}(${x})`)),
  ofAngle('cot', (x) => inverse(`tan(${x})`)),
  ofAngle('sec', (x) => inverse(`cos(${x})`)),
  ofAngle('csc', (x) => inverse(`sin(${x})`)),
  ofDouble('asin', within('asin')),
  ofDouble('acos', within('acos')),
  ofDouble('atan', (x) => `atan(${x})`),
  ofDouble('sinh', (x) => `sinh(${x})`),
  ofDouble('cosh', (x) => `cosh(${x})`),
  ofDouble('tanh', (x) => `tanh(${x})`),
  ofDouble('degrees', (x) => `degrees(${x})`),
  ofDouble('radians', (x) => `radians(${x})`),
  {
    name: 'atan2',
    kind: 'scalar',
    // Java takes the arc tangent of the quotient, whose last digit differs from that of both together.
    signatures: [
      signature('double, double', 'double', ([a = '', b = '']) =>
        once([a, b], ([y = '', x = '']) => {
          const both = `atan2(${y} + ${ZERO}, ${x} + ${ZERO})`;
          return `(CASE WHEN ${x} > 0 AND isfinite(${x}) AND isfinite(${y}) THEN atan(${y} / ${x}) + ${ZERO} ELSE ${both} END)`;
        }),
      ),
    ],
  },
];

/** Java gives NaN for a power of 1 or -1 with an exponent that is not finite. */
const POWER: Entry = {
  name: 'pow',
  kind: 'scalar',
  aliases: ['power'],
  signatures: [
    signature('double, double', 'double', ([a = '', b = '']) =>
      once(
        [a, b],
        ([x = '', y = '']) =>
          `(CASE WHEN abs(${x}) = 1 AND NOT isfinite(${y}) THEN ${NAN} ELSE pow(${x}, ${y}) END)`,
      ),
    ),
  ],
  examples: [
    'SELECT id, pow(x, y) AS a, power(x, 2) AS b, pow(x, -0.5) AS c, pow(2, x) AS d FROM doubles',
    'SELECT id, pow(c_int, c_tinyint) AS a FROM everything',
  ],
};

const ROOT_OF_SQUARES: Entry = {
  name: 'hypot',
  kind: 'scalar',
  signatures: [
    signature('double, double', 'double', ([a = '', b = '']) =>
      once([`abs(${a})`, `abs(${b})`], ([x = '', y = '']) => {
        const [large, small] = [`greatest(${x}, ${y})`, `least(${x}, ${y})`];
        // Exact for whole numbers, as in Java.
        const plain = `sqrt(${x} * ${x} + ${y} * ${y})`;
        const scaled = `${large} * sqrt(1 + (${small} / ${large}) * (${small} / ${large}))`;
        return `(CASE WHEN ${x} IS NULL OR ${y} IS NULL THEN NULL WHEN isinf(${x}) OR isinf(${y}) THEN ${INFINITY} WHEN ${large} = 0 THEN ${large} WHEN ${large} BETWEEN 1e-120 AND 1e150 THEN ${plain} ELSE ${scaled} END)`;
      }),
    ),
  ],
  examples: ['SELECT id, hypot(x, y) AS a FROM doubles'],
};

const EXACT: readonly Entry[] = [
  ofDouble('sqrt', (x) => `(CASE WHEN ${x} < 0 THEN ${NAN} ELSE sqrt(${x}) END)`),
  { name: 'pi', kind: 'scalar', signatures: [signature('', 'double', () => 'pi()')] },
  {
    name: 'e',
    kind: 'scalar',
    signatures: [signature('', 'double', () => "CAST('2.718281828459045' AS DOUBLE)")],
  },
];

const INEXACT: readonly Entry[] = [
  ofDouble('cbrt', (x) => `cbrt(${x})`),
  ofDouble('exp', (x) => `exp(${x})`),
  ofDouble('expm1', expMinusOne),
  ...LOGARITHMS,
  ...TRIGONOMETRY,
  POWER,
  ROOT_OF_SQUARES,
];

/** Roots, powers, logarithms and trigonometry, all of doubles. */
export const POWERS: readonly Entry[] = [
  ...EXACT,
  ...INEXACT.map((entry): Entry => ({ ...entry, inexact: true })),
];
