import { batchLayout, type BatchLayout, type FeatureBatch } from './feature-batch.ts';
import type { ScoringEngine } from './scoring-engine.ts';
import type { Signature } from './signature.ts';

/** Maximum number of reasons per row: customary in credit, not a legal limit. */
export const MAX_REASONS = 4;

/** Float32 noise: the probability of one row may differ by this much between two calls of an engine. */
const SMALLEST_DROP = 1e-6;

/** Substituted rows per engine call. */
const ROWS_PER_CALL = 8192;

/**
 * Explains why rows were declined, by baseline substitution: the drop in probability when one feature alone is set to its
 * training baseline. Returns, for each of `rows`, the names of the features with the largest drops, largest first. Ties
 * are in the signature's order. A feature without a drop is not a reason.
 *
 * For a model that is monotone in a sum of terms, one per feature, this ranks by `term(x) - term(baseline)`; for a linear
 * model, by `coefficient * (x - baseline)`. An interaction counts for every feature that takes part in it.
 */
export async function reasonCodes(
  engine: ScoringEngine,
  signature: Signature,
  batch: FeatureBatch,
  probabilities: Float32Array,
  rows: readonly number[],
): Promise<readonly (readonly string[])[]> {
  const layout = batchLayout(signature);
  const width = layout.places.length;
  const drops = new Float64Array(rows.length * width);
  const pending = new Substitutions(signature, layout, batch);

  const run = async (): Promise<void> => {
    const substituted = await engine.probabilities(pending.batch());
    pending.cells.forEach(({ at, row }, call) => {
      drops[at] = (probabilities[row] ?? 0) - (substituted[call] ?? 0);
    });
    pending.clear();
  };
  for (const [nth, row] of rows.entries()) {
    for (let feature = 0; feature < width; feature++) {
      if (pending.add(nth * width + feature, row, feature) === ROWS_PER_CALL) await run();
    }
  }
  if (pending.cells.length > 0) await run();
  return rows.map((_, nth) => largest(drops.subarray(nth * width, (nth + 1) * width), layout));
}

function largest(drops: Float64Array, { places }: BatchLayout): readonly string[] {
  return places
    .map(({ name }, feature) => ({ name, drop: drops[feature] ?? 0 }))
    .filter(({ drop }) => drop > SMALLEST_DROP)
    .sort((a, b) => b.drop - a.drop)
    .slice(0, MAX_REASONS)
    .map(({ name }) => name);
}

/** Rows with one feature at its baseline, collected until a batch is large enough for a call. */
class Substitutions {
  readonly cells: { readonly at: number; readonly row: number }[] = [];
  readonly #numeric: Float32Array;
  #categorical: string[] = [];
  readonly #baselines: readonly (number | string)[];
  readonly #layout: BatchLayout;
  readonly #source: FeatureBatch;

  constructor(signature: Signature, layout: BatchLayout, source: FeatureBatch) {
    this.#layout = layout;
    this.#source = source;
    this.#baselines = signature.features.map(({ baseline, input }) => {
      if (baseline === null) return input === 'numeric' ? Number.NaN : '';
      return typeof baseline === 'number' ? Math.fround(baseline) : baseline;
    });
    this.#numeric = new Float32Array(ROWS_PER_CALL * layout.numeric);
  }

  /** Adds the cell unless it already has its baseline value; returns the number of cells collected. */
  add(at: number, row: number, feature: number): number {
    const { numeric, categorical, places } = this.#layout;
    const place = places[feature];
    const baseline = this.#baselines[feature];
    if (place === undefined || baseline === undefined) return this.cells.length;
    const source: Float32Array | readonly string[] = this.#source[place.input];
    if (Object.is(source[row * this.#layout[place.input] + place.column], baseline)) return this.cells.length;

    const to = this.cells.length;
    this.#numeric.set(this.#source.numeric.subarray(row * numeric, (row + 1) * numeric), to * numeric);
    for (let column = 0; column < categorical; column++) {
      this.#categorical.push(this.#source.categorical[row * categorical + column] ?? '');
    }
    if (typeof baseline === 'number') this.#numeric[to * numeric + place.column] = baseline;
    else this.#categorical[to * categorical + place.column] = baseline;
    return this.cells.push({ at, row });
  }

  batch(): FeatureBatch {
    const rows = this.cells.length;
    const numeric = this.#numeric.subarray(0, rows * this.#layout.numeric);
    return { rows, numeric, categorical: this.#categorical };
  }

  clear(): void {
    this.cells.length = 0;
    this.#categorical = [];
  }
}
