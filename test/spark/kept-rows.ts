type Rows = readonly number[];

/** Rows on which expressions do not fail, by the columns that they read: the next one fails on the same. */
export class KeptRows {
  readonly #found = new Map<string, Rows[]>();

  /** Most likely first: of the same columns, then of some of them, then what is common to those. */
  likely(expression: string): readonly Rows[] {
    const columns = columnsOf(expression);
    const same = this.#found.get(columns.join(' ')) ?? [];
    const some = [...this.#found]
      .filter(([key]) => key.split(' ').every((column) => columns.includes(column)))
      .flatMap(([, rows]) => rows)
      .filter((rows) => !same.includes(rows));
    const common = some.length > 1 ? [some.reduce((a, b) => a.filter((id) => b.includes(id)))] : [];
    return [...same, ...some.toReversed().slice(0, 3), ...common];
  }

  add(expression: string, rows: Rows): void {
    const key = columnsOf(expression).join(' ');
    const known = this.#found.get(key) ?? [];
    if (!known.includes(rows)) this.#found.set(key, [...known, rows]);
  }
}

function columnsOf(expression: string): readonly string[] {
  return [...new Set(expression.match(/\b[cd]_\w+/g))].toSorted();
}
