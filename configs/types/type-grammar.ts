import { MAX_PRECISION, type FieldOf, type TypeOf } from './column-type.ts';

/** The words and symbols of a text in which a type stands, such as a CAST or the columns of a source. */
export interface TypeTokens {
  take(): { readonly at: number; readonly text: string; readonly upper: string };
  /** Takes the symbol if it comes next. */
  skip(symbol: string): boolean;
  expect(symbol: string): void;
  /** Takes one `>`, also of two or three that stand together. */
  expectAngle(): void;
  wholeNumber(): number;
  fieldName(): string;
  /** The error for a text that is not a type. */
  invalid(what: string, at: number): Error;
  /** The error for a type that Spark has and Millrace lacks. */
  unsupported(what: string, instead: string, at: number): Error;
}

/** How deeply types may nest; it bounds the stack. */
const MAX_DEPTH = 100;

const LACKING = new Set(['CHAR', 'CHARACTER', 'VARCHAR', 'INTERVAL', 'VARIANT', 'VOID']);

/**
 * Reads a type as Spark SQL writes it: `decimal(10, 2)`, `array<int>`, `map<string, int>`, `struct<a: int>`. `simple` says
 * what the words in upper case mean that stand for a type alone.
 */
export function readType<Simple extends string>(
  tokens: TypeTokens,
  simple: ReadonlyMap<string, Simple>,
  depth = 1,
): TypeOf<Simple> {
  const { at, upper, text } = tokens.take();
  if (depth > MAX_DEPTH) throw tokens.invalid(`A type nests more than ${MAX_DEPTH} levels deep.`, at);
  const inner = (): TypeOf<Simple> => readType(tokens, simple, depth + 1);
  const kind = simple.get(upper);
  if (kind !== undefined) return { kind };
  if (upper === 'DECIMAL' || upper === 'DEC' || upper === 'NUMERIC') return readDecimal(tokens, at);
  if (upper === 'ARRAY') return inAngles(tokens, () => ({ kind: 'array', element: inner() }));
  if (upper === 'MAP')
    return inAngles(tokens, () => {
      const key = inner();
      tokens.expect(',');
      return { kind: 'map', key, value: inner() };
    });
  if (upper === 'STRUCT') return inAngles(tokens, () => ({ kind: 'struct', fields: fields(tokens, inner) }));
  if (LACKING.has(upper)) throw tokens.unsupported(`The type ${text}`, 'use string, or another type', at);
  throw tokens.invalid(`"${text}" is not a type.`, at);
}

function readDecimal(
  tokens: TypeTokens,
  at: number,
): { readonly kind: 'decimal'; readonly precision: number; readonly scale: number } {
  if (!tokens.skip('(')) return { kind: 'decimal', precision: 10, scale: 0 };
  const precision = tokens.wholeNumber();
  const scale = tokens.skip(',') ? tokens.wholeNumber() : 0;
  tokens.expect(')');
  if (precision < 1 || precision > MAX_PRECISION || scale > precision)
    throw tokens.invalid(
      `decimal(${precision},${scale}) is not a type: the precision is 1 to ${MAX_PRECISION} and the scale at most the precision.`,
      at,
    );
  return { kind: 'decimal', precision, scale };
}

function fields<Simple extends string>(
  tokens: TypeTokens,
  inner: () => TypeOf<Simple>,
): readonly FieldOf<Simple>[] {
  const found: FieldOf<Simple>[] = [];
  do {
    const name = tokens.fieldName();
    tokens.skip(':');
    found.push({ name, type: inner() });
  } while (tokens.skip(','));
  return found;
}

function inAngles<T>(tokens: TypeTokens, inner: () => T): T {
  tokens.expect('<');
  const found = inner();
  tokens.expectAngle();
  return found;
}
