/**
 * Spark takes the rows of a window one after the other, as these forms do. DuckDB puts parts of a window together, by which
 * results near zero, and those of huge numbers, come out differently.
 */

/** The numbers that Spark keeps of pairs of values; `x` and `y` are those of a row. */
export const PAIR_STATE = {
  n: 's.n + 1',
  meanX: 's.meanX + (r.x - s.meanX) / (s.n + 1)',
  meanY: 's.meanY + (r.y - s.meanY) / (s.n + 1)',
  // Sums of products of distances from means, which Spark calculates in another order for each of its functions.
  xy: `s.xy + (r.x - s.meanX) * (r.y - (s.meanY + (r.y - s.meanY) / (s.n + 1)))`,
  yx: `s.yx + (r.y - s.meanY) * (r.x - (s.meanX + (r.x - s.meanX) / (s.n + 1)))`,
  xx: `s.xx + (r.x - s.meanX) * (r.x - (s.meanX + (r.x - s.meanX) / (s.n + 1)))`,
  yy: `s.yy + (r.y - s.meanY) * (r.y - (s.meanY + (r.y - s.meanY) / (s.n + 1)))`,
  varX: `s.varX + (r.x - s.meanX) * ((r.x - s.meanX) - (r.x - s.meanX) / (s.n + 1))`,
  varY: `s.varY + (r.y - s.meanY) * ((r.y - s.meanY) - (r.y - s.meanY) / (s.n + 1))`,
};

/**
 * A result of the rows of a window in which all values are known. `row` gives the values by name. `state` gives the next state
 * of `s` after the row `r`, and `result` is of the last state `s`.
 */
export function folded(
  row: Readonly<Record<string, string>>,
  state: Readonly<Record<string, string>>,
  result: string,
  suffix: string,
): string {
  const zero = "CAST('0' AS DOUBLE)";
  const struct = (fields: Readonly<Record<string, string>>): string =>
    `{${Object.entries(fields)
      .map(([name, sql]) => `${name}: ${sql}`)
      .join(', ')}}`;
  const zeros = Object.fromEntries(Object.keys(state).map((name) => [name, zero]));
  const nothing = Object.fromEntries(Object.keys(row).map((name) => [name, zero]));
  const known = Object.values(row).map((value) => `${value} IS NOT NULL`);
  // Rows have the form of the state, because DuckDB folds values of one type.
  const rows = `list(CASE WHEN ${known.join(' AND ')} THEN ${struct({ ...row, ...zeros })} END)${suffix}`;
  const values = Object.fromEntries(Object.keys(row).map((name) => [name, `r.${name}`]));
  const all = `[${struct({ ...nothing, ...zeros })}] || list_filter(coalesce(${rows}, []), lambda r: r IS NOT NULL)`;
  const last = `list_reduce(${all}, lambda s, r: ${struct({ ...values, ...state })})`;
  return `list_transform([${last}], lambda s: ${result})[1]`;
}

/** The numbers that Spark keeps of the values `v` for sums of powers of their distances from the mean. */
export function momentState(): Readonly<Record<string, string>> {
  const delta = '(r.v - s.mean)';
  const part = `(${delta} / (s.n + 1))`;
  const second = `(s.m2 + ${delta} * (${delta} - ${part}))`;
  const third = `(s.m3 - CAST('3' AS DOUBLE) * ${part} * ${second} + ${delta} * (${delta} * ${delta} - ${part} * ${part}))`;
  const fourth = `(s.m4 - CAST('4' AS DOUBLE) * ${part} * ${third} - CAST('6' AS DOUBLE) * (${part} * ${part}) * ${second} + ${delta} * (${delta} * (${delta} * ${delta}) - ${part} * (${part} * ${part})))`;
  return { n: 's.n + 1', mean: `s.mean + ${part}`, m2: second, m3: third, m4: fourth };
}
