import { type LabelConfig, type LabelValue, positiveValues } from '../label.ts';
import type { ModelConfig } from '../model.ts';
import type { ConfigPath } from '../problem.ts';
import type { Fault } from '../schema-problems.ts';
import { columnType } from '../source-columns.ts';
import type { ColumnType } from '../types/declared-type.ts';
import { isNumberType, kindOf } from '../types/kinds.ts';
import { valueFaults } from './column-values.ts';
import { labelKeyFaults } from './entity-rules.ts';
import { fault, type References, repeated, unknownColumn, unknownName } from './references.ts';

export function labelFaults(model: ModelConfig, references: References): Fault[] {
  const { source: name, column } = model.label;
  const source = references.configs.sources.get(name);
  if (source === undefined) return unknownName(references, 'Source', name, ['label', 'source']);
  const faults = [
    ...unknownColumn(Object.keys(source.columns), column, ['label', 'column'], `source ${name}`),
    ...labelKeyFaults(model, references),
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
  const isText = kindOf(type) === 'string';
  if (!isText && kindOf(type) !== 'boolean' && !isNumberType(type))
    return [
      fault('CONFIG_INVALID_VALUE', ['label', 'column'], message, {
        expected: 'a column that holds 0 and 1, or values that label.positive names',
      }),
    ];
  if (values === undefined) {
    const expected = 'label.positive with the value or values that mean 1, or a column that holds 0 and 1';
    return isText ? [fault('CONFIG_INVALID_VALUE', ['label', 'column'], message, { expected })] : [];
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
