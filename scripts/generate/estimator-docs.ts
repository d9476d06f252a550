import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { defaultPlatform } from '#configs/platform.ts';
import { CATALOGUE } from '#errors/catalogue.ts';
import { ROOT } from '#local/tools.ts';
import { table } from './function-docs.ts';

const rowsSchema = z.array(
  z.strictObject({
    class: z.string(),
    params: z.record(z.string(), z.json()),
    /** `trained`, or the code of the refusal. */
    result: z.union([z.literal('trained'), z.enum(Object.keys(CATALOGUE) as (keyof typeof CATALOGUE)[])]),
    note: z.string(),
  }),
);

/** docs/reference/estimators.md: the classifiers that the trainer's tests have trained, and those that it refuses. */
export function estimatorDocs(): string {
  const rows = rowsSchema.parse(JSON.parse(readFileSync(join(ROOT, 'trainer/estimators.json'), 'utf8')));
  const trained = rows.filter(({ result }) => result === 'trained');
  return [
    '# Estimators',
    '',
    `A model may name any class with the scikit-learn interface from the packages that the Platform document allows; by default ${defaultPlatform.training.packages.map(code).join(' and ')}. Its probabilities must be the same in ONNX, which scores. These classifiers have been tried:`,
    '',
    'Generated from `trainer/estimators.json`, which a test compares with the trainer: it trains each class behind a scaler, with numbers, texts and missing values among the features. Other parameters of a class may need a form that ONNX lacks; the job then fails with `ONNX_PARITY_NOT_PROVED` and names the step.',
    '',
    '## Trained and proved equal in ONNX',
    '',
    ...table(
      ['class', 'with', ''],
      trained.map(({ class: name, params, note }) => [code(name), paramsText(params), note]),
    ),
    '## Refused',
    '',
    ...table(
      ['class', 'with', 'error', ''],
      rows
        .filter(({ result }) => result !== 'trained')
        .map(({ class: name, params, result, note }) => [code(name), paramsText(params), code(result), note]),
    ),
    'Steps before the classifier may be any transformer of the packages that skl2onnx converts, such as `SimpleImputer`, `StandardScaler`, `MinMaxScaler`, `OrdinalEncoder`, `PCA` and `OneHotEncoder` (without `min_frequency` and `max_categories`, if they put categories together).',
    '',
  ].join('\n');
}

function paramsText(params: Readonly<Record<string, unknown>>): string {
  return Object.keys(params).length === 0 ? '' : code(JSON.stringify(params));
}

function code(text: string): string {
  return `\`${text}\``;
}
