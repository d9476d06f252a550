import { didYouMean } from '../did-you-mean.ts';
import { type LabelConfig, type LabelValue, positiveValues } from '../label.ts';
import type { ModelConfig } from '../model.ts';
import type { ColumnType } from '../names.ts';
import type { ConfigPath } from '../problem.ts';
import type { Fault } from '../schema-problems.ts';
import { valueFaults } from './column-values.ts';
import {
  boundsFaults,
  columnType,
  fault,
  type References,
  repeated,
  unknownColumn,
  unknownName,
} from './references.ts';
import { scheduleFaults } from './schedule-rules.ts';

export function modelFaults(model: ModelConfig, references: References): Fault[] {
  return [
    ...unknownName(references, 'FeatureSet', model.feature_set, ['feature_set']),
    ...labelFaults(model, references),
    ...fairnessFaults(model, references),
    ...estimatorFaults(model, references),
    ...splitFaults(model),
    ...gateFaults(model),
    ...scheduleFaults(model.deploy),
  ];
}

function labelFaults(model: ModelConfig, references: References): Fault[] {
  const { source: name, column } = model.label;
  const source = references.configs.sources.get(name);
  if (source === undefined) return unknownName(references, 'Source', name, ['label', 'source']);
  const faults = [
    ...unknownColumn(Object.keys(source.columns), column, ['label', 'column'], `source ${name}`),
    ...entityFaults(model, references, name, ['label', 'source']),
  ];
  const type = columnType(source, column);
  if (type !== undefined) faults.push(...labelValueFaults(model.label, type));
  if (source.event_time === undefined) {
    const message = `source ${name} has no event_time, so nothing says when its facts happened`;
    faults.push(fault('CONFIG_INVALID_VALUE', ['label', 'source'], message));
  }
  return faults;
}

/** Faults of a label whose values do not say what is 0 and what is 1. */
function labelValueFaults(label: LabelConfig, type: ColumnType): Fault[] {
  const { column } = label;
  const values = positiveValues(label);
  const message = `column ${column} has type ${type}`;
  if (type === 'date' || type === 'timestamp')
    return [
      fault('CONFIG_INVALID_VALUE', ['label', 'column'], message, {
        expected: 'a column that holds 0 and 1, or values that label.positive names',
      }),
    ];
  if (values === undefined) {
    const expected = 'label.positive with the value or values that mean 1, or a column that holds 0 and 1';
    return type === 'string'
      ? [fault('CONFIG_INVALID_VALUE', ['label', 'column'], message, { expected })]
      : [];
  }
  const pathOf = (index: number): ConfigPath =>
    Array.isArray(label.positive) ? ['label', 'positive', index] : ['label', 'positive'];
  return [
    ...values.flatMap((value, index) => valueFaults(column, type, value, pathOf(index))),
    ...values.flatMap((value, index) => textFaults(value, pathOf(index))),
    ...repeated(values.map(String), ['label', 'positive']),
  ];
}

function textFaults(value: LabelValue, path: ConfigPath): Fault[] {
  if (typeof value !== 'string' || !value.includes('\0')) return [];
  return [fault('CONFIG_INVALID_VALUE', path, 'the text holds the character U+0000, which SQL cannot hold')];
}

function fairnessFaults(model: ModelConfig, references: References): Fault[] {
  if (model.fairness === undefined) return [];
  const { source: name, attributes } = model.fairness;
  const source = references.configs.sources.get(name);
  if (source === undefined) return unknownName(references, 'Source', name, ['fairness', 'source']);
  return [
    ...entityFaults(model, references, name, ['fairness', 'source']),
    ...attributes.flatMap((attribute, index) =>
      unknownColumn(
        Object.keys(source.columns),
        attribute,
        ['fairness', 'attributes', index],
        `source ${name}`,
      ),
    ),
    ...repeated(attributes, ['fairness', 'attributes']),
    ...attributes.flatMap((attribute, index) => {
      const feature = featureCalled(attribute, model, references);
      if (feature === undefined) return [];
      const message = `${feature} is a feature of ${model.feature_set}; what groups are compared by is never a feature`;
      return [fault('CONFIG_SENSITIVE_FEATURE', ['fairness', 'attributes', index], message)];
    }),
  ];
}

/** The feature of that name, unless the set's own rules refuse it already, as a sensitive column of its sources. */
function featureCalled(name: string, model: ModelConfig, { configs }: References): string | undefined {
  const set = configs.featureSets.get(model.feature_set);
  const isName = (other: string) => other.toLowerCase() === name.toLowerCase();
  const isRefused = set?.sources.some((source) => configs.sources.get(source)?.sensitive.some(isName));
  return isRefused === true ? undefined : Object.keys(set?.features ?? {}).find(isName);
}

/** Labels and attributes are joined to features by the entity. */
function entityFaults(
  model: ModelConfig,
  { configs }: References,
  sourceName: string,
  path: readonly string[],
): Fault[] {
  const entity = configs.featureSets.get(model.feature_set)?.entity;
  const source = configs.sources.get(sourceName);
  if (entity === undefined || source === undefined || columnType(source, entity) !== undefined) return [];
  const message = `source ${sourceName} has no column ${entity}, the entity of ${model.feature_set}`;
  return [fault('CONFIG_UNKNOWN_COLUMN', path, message)];
}

function estimatorFaults(model: ModelConfig, { configs }: References): Fault[] {
  const allowed = configs.platform.training.packages;
  const classes =
    typeof model.estimator === 'string'
      ? [{ path: ['estimator'], name: model.estimator }]
      : model.estimator.pipeline.map((step, index) => ({
          path: ['estimator', 'pipeline', index, 'class'],
          name: step.class,
        }));
  return classes.flatMap(({ path, name }) => {
    const [root = ''] = name.split('.', 1);
    if (allowed.includes(root)) return [];
    const suggestion = didYouMean(root, allowed);
    return [
      fault(
        'CONFIG_PACKAGE_NOT_ALLOWED',
        path,
        `the package ${root} is not allowed by the Platform document`,
        {
          expected: `a class of ${allowed.join(', ')}`,
          suggestion: suggestion === undefined ? undefined : `${suggestion}${name.slice(root.length)}`,
        },
      ),
    ];
  });
}

function splitFaults(model: ModelConfig): Fault[] {
  const { split, label } = model;
  if (split.kind !== 'out_of_time' || split.test_dates < label.window) return [];
  const message = `all ${label.window} labelled dates would be held out`;
  return [
    fault('CONFIG_INVALID_VALUE', ['split', 'test_dates'], message, {
      expected: `fewer than label.window, which is ${label.window}`,
    }),
  ];
}

function gateFaults(model: ModelConfig): Fault[] {
  const attributes = model.fairness?.attributes ?? [];
  return Object.entries(model.gates).flatMap(([name, gate]) => {
    if (gate === undefined) return [];
    const path = ['gates', name];
    const bounds = boundsFaults(
      { ...(gate.min !== undefined && { min: gate.min }), ...(gate.max !== undefined && { max: gate.max }) },
      path,
    );
    if (!('attribute' in gate) || attributes.includes(gate.attribute)) return bounds;
    const message = `${gate.attribute} is not among the fairness attributes`;
    const expected = attributes.length === 0 ? 'a fairness section' : `one of ${attributes.join(', ')}`;
    const suggestion = didYouMean(gate.attribute, attributes);
    return [
      ...bounds,
      fault('CONFIG_UNKNOWN_NAME', [...path, 'attribute'], message, { expected, suggestion }),
    ];
  });
}
