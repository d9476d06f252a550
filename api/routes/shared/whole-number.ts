import { z } from 'zod';

const DECIMAL = /^(0|[1-9][0-9]{0,14})$/;

/** A number in a path or query, in plain decimal: `0x1`, `1e0`, `01` and `1.0` would be other names of 1. */
export function wholeNumber<S extends z.ZodType<number>>(schema: S) {
  return z.preprocess(
    (given) => (typeof given === 'string' && DECIMAL.test(given) ? Number(given) : given),
    schema,
  );
}
