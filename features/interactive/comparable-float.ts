const LARGEST = 3.4028234663852886e38;
const SMALLEST = 1.1754943508222875e-38;

/**
 * Equal for floats that count as equal: those that are the same float32, which is what a model sees. NaN equals NaN, and
 * -0.0 equals 0.0. `value` may be text, such as `NaN`.
 */
export function comparableFloat(value: unknown): number | string {
  const float = Number(value);
  if (!Number.isFinite(float)) return String(float);
  if (float === 0) return 0;
  const size = Math.abs(float);
  // Beyond float32's range, rounding to it would make unequal values equal.
  return size > LARGEST || size < SMALLEST ? float.toPrecision(7) : Math.fround(float);
}
