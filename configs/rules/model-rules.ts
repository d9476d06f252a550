import { didYouMean } from '../did-you-mean.ts';
import { attributeNames } from '../fairness.ts';
import type { ModelConfig } from '../model.ts';
import type { Fault } from '../schema-problems.ts';
import { fairnessFaults } from './fairness-rules.ts';
import { labelFaults } from './label-rules.ts';
import { boundsFaults, fault, type References, unknownName } from './references.ts';
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
  const attributes = attributeNames(model.fairness);
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
