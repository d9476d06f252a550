import { canonicalJson } from '#configs/canonical.ts';
import type { Card } from './card.ts';
import { told, type Told } from './evaluation.ts';

export interface Difference {
  readonly field: string;
  readonly from: Told;
  readonly to: Told;
}

/**
 * The differences between a version and the previous one, in everything that affects its behaviour or its judgement.
 */
export function whatChanged(previous: Card, card: Card): readonly Difference[] {
  const before = facts(previous);
  const after = facts(card);
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap((field) => {
    const from = before.get(field);
    const to = after.get(field);
    if (canonicalJson(from ?? null) === canonicalJson(to ?? null)) return [];
    return [{ field, from: from ?? '(absent)', to: to ?? '(absent)' }];
  });
}

function facts(card: Card): ReadonlyMap<string, Told> {
  const { build, data, fairness } = card;
  return new Map<string, Told>([
    ['algorithm', told(build.algorithm)],
    ...Object.entries(build.hyperparameters ?? {}).map(
      ([name, value]) => [`hyperparameters.${name}`, value === null ? 'null' : told(value)] as const,
    ),
    ['seed', told(build.seed)],
    ['trainer', told(build.trainer_digest)],
    ['lockfile', told(build.lockfile_digest)],
    ['packages', told(build.packages)],
    ['as_of', data.as_of],
    ['label', told(data.label)],
    ...Object.entries(data.label_and_fairness ?? {}).map(([name, digest]) => [name, told(digest)] as const),
    ['split', told(data.split)],
    ['partitions', told(partitions(card))],
    ['cut_off', fairness.cut_off],
    ['fairness', told(attributes(card))],
    ['feature_definitions', told(definitions(card))],
    ['risk_tier', card.identity.risk_tier],
    ['gates', told(card.performance.gates.map(({ gate, min, max }) => ({ gate, ...bounds(min, max) })))],
    ...card.features.map(
      (feature) =>
        [
          `feature.${feature.name}`,
          told({ computed: feature.transform_digest, monotonic: feature.monotonic, type: feature.type }),
        ] as const,
    ),
  ]);
}

/** The protected attributes that are compared, and how a person's group is known. */
function attributes({ fairness }: Card): readonly unknown[] {
  if (!Array.isArray(fairness.attributes)) return [];
  return fairness.attributes.map(({ attribute, known_from }) => ({ attribute, known_from }));
}

/** Digest of each feature set's definition: its SQL, macros, params, and the sources and sets that it reads. */
function definitions({ data }: Card): readonly string[] {
  if (!Array.isArray(data.partitions)) return [];
  const names = data.partitions.map((one) => `${one.feature_set} ${one.definition_digest}`);
  return [...new Set(names)].toSorted();
}

function partitions({ data }: Card): readonly string[] {
  if (!Array.isArray(data.partitions)) return [];
  return data.partitions.map(({ dt, revision }) => `${dt}/r${revision}`);
}

function bounds(min: number | undefined, max: number | undefined) {
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}
