/** The numbers `from..through`. */
export interface Range {
  readonly from: number;
  readonly through: number;
}

/** Cuts a range behind every multiple of `size`, so that the cuts do not depend on where the range begins or ends. */
export function rangesOf(from: number, through: number, size: number): readonly Range[] {
  const ranges: Range[] = [];
  for (let start = from; start <= through;) {
    const last = Math.min(through, Math.ceil(start / size) * size);
    ranges.push({ from: start, through: last });
    start = last + 1;
  }
  return ranges;
}
