import type { ConfigKind } from '../config-set.ts';
import { nameSchema } from '../names.ts';
import type { ConfigPath } from '../problem.ts';
import { type Fault, valueAt } from '../schema-problems.ts';
import { type References, unknownName } from './references.ts';

/** Places where documents name other documents. */
const PLACES: readonly {
  readonly in: ConfigKind;
  readonly at: ConfigPath;
  readonly names: 'Source' | 'FeatureSet';
}[] = [
  { in: 'FeatureSet', at: ['sources'], names: 'Source' },
  { in: 'FeatureSet', at: ['feature_sets'], names: 'FeatureSet' },
  { in: 'Model', at: ['feature_set'], names: 'FeatureSet' },
  { in: 'Model', at: ['label', 'source'], names: 'Source' },
  { in: 'Model', at: ['fairness', 'source'], names: 'Source' },
];

/** Finds unknown names in a document that does not match its schema, so that they are reported together with its other problems. */
export function namedDocumentFaults(kind: ConfigKind, value: unknown, references: References): Fault[] {
  return PLACES.filter((place) => place.in === kind).flatMap(({ at, names }) => {
    const found = valueAt(value, at);
    const entries: [ConfigPath, unknown][] = Array.isArray(found)
      ? found.map((entry: unknown, index) => [[...at, index], entry])
      : [[at, found]];
    return entries.flatMap(([path, entry]) => {
      const name = nameSchema.safeParse(entry);
      return name.success ? unknownName(references, names, name.data, path) : [];
    });
  });
}
