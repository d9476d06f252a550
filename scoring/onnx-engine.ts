import { InferenceSession, Tensor } from 'onnxruntime-node';
import { MillraceError } from '#errors/millrace-error.ts';
import { batchLayout, type BatchLayout, type FeatureBatch } from './feature-batch.ts';
import type { ScoringEngine } from './scoring-engine.ts';
import type { Signature } from './signature.ts';

const OUTPUT = 'probability';

/**
 * Loads a model that the trainer exported: inputs `numeric` float32 [N, n] and `categorical` string [N, m] (each only if
 * there are such features), output `probability` float32 [N].
 * `threads`: threads per call; 1 by default, so that the same rows give the same bits on every machine.
 * Throws `MODEL_UNREADABLE` if the file does not load or does not match the signature.
 */
export async function openOnnxEngine(
  model: Uint8Array,
  signature: Signature,
  options: { readonly threads?: number; readonly where: string },
): Promise<ScoringEngine> {
  const layout = batchLayout(signature);
  const session = await load(model, options);
  const problem = misfit(session, layout);
  if (problem !== undefined) {
    await session.release();
    throw new MillraceError('MODEL_UNREADABLE', problem, { where: options.where });
  }
  return {
    async probabilities(batch) {
      const answer = await session.run(feeds(batch, layout), [OUTPUT]);
      const probabilities = answer[OUTPUT]?.data;
      if (!(probabilities instanceof Float32Array) || probabilities.length !== batch.rows) {
        throw new MillraceError(
          'MODEL_OUTPUT_INVALID',
          `The model did not give a float32 for each of ${batch.rows} rows.`,
          {
            where: options.where,
          },
        );
      }
      const wrong = probabilities.find((value) => !(value >= 0 && value <= 1));
      if (wrong !== undefined) {
        throw new MillraceError(
          'MODEL_OUTPUT_INVALID',
          `The model gave ${wrong}, which is not a probability.`,
          {
            where: options.where,
          },
        );
      }
      return probabilities;
    },
    [Symbol.asyncDispose]: () => session.release(),
  };
}

async function load(
  model: Uint8Array,
  { threads = 1, where }: { readonly threads?: number; readonly where: string },
): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(model, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw new MillraceError('MODEL_UNREADABLE', `ONNX Runtime refuses the model: ${String(error)}`, {
      where,
      cause: error,
    });
  }
}

function misfit(session: InferenceSession, layout: BatchLayout): string | undefined {
  const expected = (['numeric', 'categorical'] as const).filter((input) => layout[input] > 0);
  if (session.inputNames.toSorted().join() !== expected.toSorted().join()) {
    return `The model has the inputs ${session.inputNames.join(', ')}, but the signature has ${expected.join(', ')}.`;
  }
  if (!session.outputNames.includes(OUTPUT))
    return `The model has no output "${OUTPUT}"; its outputs are ${session.outputNames.join(', ')}.`;
  for (const input of session.inputMetadata) {
    const width = input.name === 'numeric' ? layout.numeric : layout.categorical;
    const columns = input.isTensor ? input.shape[1] : undefined;
    if (typeof columns === 'number' && columns >= 0 && columns !== width) {
      return `The model's input "${input.name}" takes ${columns} columns, but the signature has ${width}.`;
    }
  }
  return undefined;
}

function feeds(batch: FeatureBatch, layout: BatchLayout): Record<string, Tensor> {
  const { rows } = batch;
  return {
    ...(layout.numeric === 0
      ? {}
      : { numeric: new Tensor('float32', batch.numeric, [rows, layout.numeric]) }),
    ...(layout.categorical === 0
      ? {}
      : { categorical: new Tensor('string', [...batch.categorical], [rows, layout.categorical]) }),
  };
}
