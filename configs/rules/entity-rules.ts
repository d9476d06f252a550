import { didYouMean } from '../did-you-mean.ts';
import { entityColumns } from '../entity.ts';
import type { FeatureSetConfig } from '../feature-set.ts';
import type { ModelConfig } from '../model.ts';
import type { ConfigPath } from '../problem.ts';
import type { Fault } from '../schema-problems.ts';
import { columnType } from '../source-columns.ts';
import { isReservedEntity, reservedFault } from './column-names.ts';
import { fault, identityFaults, type References } from './references.ts';

/** Faults of the columns that identify what is scored: names of the platform, repeated ones, and columns that no input has. */
export function entityFaults(set: FeatureSetConfig, references: References): Fault[] {
  const columns = entityColumns(set);
  const pathOf = (index: number): ConfigPath =>
    typeof set.entity === 'string' ? ['entity'] : ['entity', index];
  return columns.flatMap((column, index) => {
    const path = pathOf(index);
    const same = columns.slice(0, index).find((other) => other.toLowerCase() === column.toLowerCase());
    return [
      ...(isReservedEntity(column, columns.length) ? [reservedFault(column, path)] : []),
      ...(same === undefined ? [] : [sameFault(column, same, path)]),
      ...columnFaults(set, column, path, references),
    ];
  });
}

function sameFault(column: string, other: string, path: ConfigPath): Fault {
  const message =
    column === other ? `${column} is named twice` : `SQL cannot tell column ${column} from ${other}`;
  return fault('CONFIG_INVALID_VALUE', path, message);
}

/** The column comes from a source of the set, or is one of the keys of a set that it reads. Every source that has it joins by it. */
function columnFaults(
  set: FeatureSetConfig,
  column: string,
  path: ConfigPath,
  { configs }: References,
): Fault[] {
  const sources = set.sources.map((name) => configs.sources.get(name)).filter((found) => found !== undefined);
  const types = sources.map((source) => columnType(source, column)).filter((type) => type !== undefined);
  if (types.length > 0) return types.flatMap((type) => identityFaults(column, type, path)).slice(0, 1);
  const upstream = set.feature_sets.flatMap((name) => configs.featureSets.get(name) ?? []);
  const keys = upstream.flatMap((read) => entityColumns(read));
  if (sources.length === 0 || keys.includes(column)) return [];
  const columns = [...new Set([...sources.flatMap((source) => Object.keys(source.columns)), ...keys])];
  return [
    fault('CONFIG_UNKNOWN_COLUMN', path, `no source of the set has a column ${column}`, {
      expected: `one of ${columns.join(', ')}`,
      suggestion: didYouMean(column, columns),
    }),
  ];
}

/** Labels are joined to features by every column of the entity. */
export function labelKeyFaults(model: ModelConfig, { configs }: References): Fault[] {
  const { source: name } = model.label;
  const [set, source] = [configs.featureSets.get(model.feature_set), configs.sources.get(name)];
  if (set === undefined || source === undefined) return [];
  const columns = entityColumns(set);
  const of = columns.length === 1 ? 'the entity' : 'a key';
  return columns.flatMap((column) => {
    const type = columnType(source, column);
    if (type !== undefined) return identityFaults(column, type, ['label', 'source']);
    return [missingFault(`source ${name} has no column ${column}, ${of}`, model, 'label')];
  });
}

/** Attributes are joined by the columns of the entity that their source has: those of a customer describe each of their products. */
export function fairnessKeyFaults(model: ModelConfig, { configs }: References): Fault[] {
  const name = model.fairness?.source ?? '';
  const [set, source] = [configs.featureSets.get(model.feature_set), configs.sources.get(name)];
  if (set === undefined || source === undefined) return [];
  const columns = entityColumns(set);
  const shared = columns.filter((column) => columnType(source, column) !== undefined);
  if (shared.length > 0)
    return shared.flatMap((column) =>
      identityFaults(column, columnType(source, column), ['fairness', 'source']),
    );
  return [
    missingFault(`source ${name} has no column ${columns.join(' or ')}, the entity`, model, 'fairness'),
  ];
}

function missingFault(what: string, model: ModelConfig, section: 'label' | 'fairness'): Fault {
  return fault('CONFIG_UNKNOWN_COLUMN', [section, 'source'], `${what} of ${model.feature_set}`);
}
