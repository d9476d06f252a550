import { table } from './print.ts';

interface FailingPair {
  readonly model: string;
  readonly feature_set: string;
  readonly failing: readonly {
    readonly step: string;
    readonly since: string;
    readonly next_try: string;
    readonly code: string;
    readonly message: string;
  }[];
}

/** What the reconcilers of pairs cannot do at present. */
export function failingTable(pairs: readonly FailingPair[]): string {
  return table(
    ['pair', 'failing step', 'since', 'next try', 'because'],
    pairs.flatMap(({ model, feature_set, failing }) =>
      failing.map(({ step, since, next_try, code, message }) => [
        `${model}/${feature_set}`,
        step,
        since,
        next_try,
        `${code}: ${message}`,
      ]),
    ),
  );
}
