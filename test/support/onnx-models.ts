import { parse } from 'protobufjs';
import type { Signature, SignatureFeature } from '#scoring/signature.ts';

/**
 * Small ONNX models made in the test, so that scoring is tested without the trainer: the sigmoid of a linear function
 * of the numbers (missing ones imputed) and of one number per known string.
 */
export interface LinearModel {
  readonly bias: number;
  readonly numeric: readonly { readonly weight: number; readonly whenMissing?: number }[];
  /** One list of string → points for all categorical columns. */
  readonly categorical?: { readonly columns: number; readonly points: Readonly<Record<string, number>> };
}

const { root } = parse(`
  syntax = "proto2";
  message Attribute { optional string name = 1; optional float f = 2; optional int64 i = 3;
    repeated float floats = 7; repeated int64 ints = 8; repeated bytes strings = 9; optional int32 type = 20; }
  message Tensor { repeated int64 dims = 1; optional int32 data_type = 2; repeated float float_data = 4;
    repeated int64 int64_data = 7; optional string name = 8; }
  message Dimension { optional int64 dim_value = 1; optional string dim_param = 2; }
  message Shape { repeated Dimension dim = 1; }
  message TensorType { optional int32 elem_type = 1; optional Shape shape = 2; }
  message Type { optional TensorType tensor_type = 1; }
  message Value { optional string name = 1; optional Type type = 2; }
  message Node { repeated string input = 1; repeated string output = 2; optional string name = 3;
    optional string op_type = 4; repeated Attribute attribute = 5; optional string domain = 7; }
  message Graph { repeated Node node = 1; optional string name = 2; repeated Tensor initializer = 5;
    repeated Value input = 11; repeated Value output = 12; }
  message Opset { optional string domain = 1; optional int64 version = 2; }
  message Model { optional int64 ir_version = 1; optional Graph graph = 7; repeated Opset opset_import = 8; }
`);
const FLOAT = 1;
const INT64 = 7;
const STRING = 8;
const ML = 'ai.onnx.ml';

export function linearOnnx(model: LinearModel): Buffer {
  const numbers = model.numeric.length;
  const strings = model.categorical?.columns ?? 0;
  const nodes: object[] = [];
  const terms: string[] = [];
  if (numbers > 0) {
    const imputed = model.numeric.map(({ whenMissing }) => whenMissing ?? 0);
    nodes.push({
      opType: 'Imputer',
      domain: ML,
      input: ['numeric'],
      output: ['known'],
      attribute: [
        { name: 'imputed_value_floats', type: 6, floats: imputed },
        { name: 'replaced_value_float', type: 1, f: Number.NaN },
      ],
    });
    terms.push('known');
  }
  if (model.categorical !== undefined) {
    nodes.push({
      opType: 'LabelEncoder',
      domain: ML,
      input: ['categorical'],
      output: ['points'],
      attribute: [
        {
          name: 'keys_strings',
          type: 8,
          strings: Object.keys(model.categorical.points).map((k) => Buffer.from(k)),
        },
        { name: 'values_floats', type: 6, floats: Object.values(model.categorical.points) },
        { name: 'default_float', type: 1, f: 0 },
      ],
    });
    terms.push('points');
  }
  const weights = [...model.numeric.map(({ weight }) => weight), ...Array.from({ length: strings }, () => 1)];
  nodes.push(
    { opType: 'Concat', input: terms, output: ['all'], attribute: [{ name: 'axis', type: 2, i: 1 }] },
    { opType: 'MatMul', input: ['all', 'weights'], output: ['product'] },
    { opType: 'Add', input: ['product', 'bias'], output: ['logit'] },
    { opType: 'Sigmoid', input: ['logit'], output: ['column'] },
    { opType: 'Reshape', input: ['column', 'flat'], output: ['probability'] },
  );
  return encode({
    irVersion: 8,
    opsetImport: [
      { domain: '', version: 15 },
      { domain: ML, version: 2 },
    ],
    graph: {
      name: 'linear',
      node: nodes,
      initializer: [
        { name: 'weights', dataType: FLOAT, dims: [weights.length, 1], floatData: weights },
        { name: 'bias', dataType: FLOAT, dims: [1], floatData: [model.bias] },
        { name: 'flat', dataType: INT64, dims: [1], int64Data: [-1] },
      ],
      input: [
        ...(numbers > 0 ? [value('numeric', FLOAT, ['N', numbers])] : []),
        ...(strings > 0 ? [value('categorical', STRING, ['N', strings])] : []),
      ],
      output: [value('probability', FLOAT, ['N'])],
    },
  });
}

/** A signature whose bins are halves around `baseline`; enough where drift is not the matter. */
export function signatureOf(
  features: readonly Pick<SignatureFeature, 'name' | 'type' | 'baseline'>[],
  entity: string | readonly string[] = 'id',
): Signature {
  return {
    signature_version: 1,
    entity: typeof entity === 'string' ? entity : [...entity],
    features: features.map(({ name, type, baseline }) => ({
      name,
      type,
      baseline,
      input: type === 'string' ? 'categorical' : 'numeric',
      drift:
        type === 'string'
          ? {
              kind: 'categorical',
              categories: [String(baseline)],
              shares: [1],
              other_share: 0,
              missing_share: 0,
            }
          : { kind: 'numeric', edges: [Number(baseline)], shares: [0.5, 0.5], missing_share: 0 },
    })),
    missing_above: 1e15,
    score: { mean: 0.5, drift: { kind: 'numeric', edges: [0.5], shares: [0.5, 0.5], missing_share: 0 } },
  };
}

function value(name: string, elemType: number, dims: readonly (string | number)[]): object {
  const dim = dims.map((d) => (typeof d === 'string' ? { dimParam: d } : { dimValue: d }));
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}

function encode(model: object): Buffer {
  const type = root.lookupType('Model');
  return Buffer.from(type.encode(type.fromObject(model)).finish());
}
