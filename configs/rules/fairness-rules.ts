import { attributeNames, columnOf, edgesOf, type FairnessAttribute } from '../fairness.ts';
import type { ModelConfig } from '../model.ts';
import type { ConfigPath } from '../problem.ts';
import type { Fault } from '../schema-problems.ts';
import { columnType } from '../source-columns.ts';
import type { ColumnType } from '../types/declared-type.ts';
import { isNestedType, isNumberType } from '../types/kinds.ts';
import { valueFaults } from './column-values.ts';
import { fairnessKeyFaults } from './entity-rules.ts';
import { fault, type References, repeated, unknownColumn, unknownName } from './references.ts';

export function fairnessFaults(model: ModelConfig, references: References): Fault[] {
  if (model.fairness === undefined) return [];
  const { source: name, attributes } = model.fairness;
  const source = references.configs.sources.get(name);
  if (source === undefined) return unknownName(references, 'Source', name, ['fairness', 'source']);
  return [
    ...fairnessKeyFaults(model, references),
    ...repeated(attributeNames(model.fairness), ['fairness', 'attributes']),
    ...attributes.flatMap((attribute, index) => {
      const path = ['fairness', 'attributes', index];
      const at = typeof attribute === 'string' ? path : [...path, 'column'];
      const column = columnOf(attribute);
      const feature = featureCalled(column, model, references);
      const message = `${feature} is a feature of ${model.feature_set}; what groups are compared by is never a feature`;
      return [
        ...unknownColumn(Object.keys(source.columns), column, at, `source ${name}`),
        ...(feature === undefined ? [] : [fault('CONFIG_SENSITIVE_FEATURE', at, message)]),
        ...groupFaults(column, columnType(source, column), at),
        ...bandFaults(attribute, columnType(source, column), path),
      ];
    }),
  ];
}

/** Groups are compared by one value. */
function groupFaults(column: string, type: ColumnType | undefined, path: ConfigPath): Fault[] {
  if (type === undefined || !isNestedType(type)) return [];
  return [
    fault('CONFIG_INVALID_VALUE', path, `column ${column} has type ${type}`, {
      expected: 'a column of single values',
    }),
  ];
}

/** Faults of bands that the type of the column cannot have, or that no value falls into. */
function bandFaults(attribute: FairnessAttribute, type: ColumnType | undefined, path: ConfigPath): Fault[] {
  const edges = edgesOf(attribute);
  if (typeof attribute === 'string' || edges === undefined || type === undefined) return [];
  const key = 'bands' in attribute ? 'bands' : 'age_bands';
  const fits = key === 'bands' ? isNumberType(type) : type === 'date';
  if (!fits) {
    const message = `column ${attribute.column} has type ${type}`;
    const expected =
      type === 'date'
        ? 'age_bands, with ages in completed years'
        : `a column of ${key === 'bands' ? 'numbers' : 'dates'}`;
    return [fault('CONFIG_INVALID_VALUE', [...path, key], message, { expected, at: 'key' })];
  }
  return edges.flatMap((edge, index) => {
    const at = [...path, key, index];
    const before = edges[index - 1];
    if (before !== undefined && edge <= before)
      return [
        fault('CONFIG_INVALID_VALUE', at, `the edge ${edge} comes after ${before}`, {
          expected: 'edges in ascending order',
        }),
      ];
    return key === 'bands' ? valueFaults(attribute.column, type, edge, at) : [];
  });
}

/** The feature of that name, unless the set's own rules refuse it already, as a sensitive column of its sources. */
function featureCalled(name: string, model: ModelConfig, { configs }: References): string | undefined {
  const set = configs.featureSets.get(model.feature_set);
  const isName = (other: string) => other.toLowerCase() === name.toLowerCase();
  const isRefused = set?.sources.some((source) => configs.sources.get(source)?.sensitive.some(isName));
  return isRefused === true ? undefined : Object.keys(set?.features ?? {}).find(isName);
}
