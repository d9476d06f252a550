import type { ModelConfig } from '#configs/model.ts';
import { isNotMeasurable, notMeasurable, writtenText } from './card-value.ts';
import { told, type Evaluation } from './evaluation.ts';
import type { GateVerdict, TrainingRecord } from '#training/record.ts';

/** Differences between groups at the cut-off, per protected attribute named by the model. */
export function cardFairness(
  model: ModelConfig,
  { cut_off, gates }: TrainingRecord,
  { fairness }: Evaluation,
): unknown {
  return {
    cut_off,
    attributes: attributes(model, gates, fairness),
    alternatives_searched: writtenText(model.card.alternatives_searched),
    mitigation: writtenText(model.card.mitigation),
  };
}

function attributes(
  { fairness: declared }: ModelConfig,
  gates: readonly GateVerdict[],
  measured: Evaluation['fairness'],
): unknown {
  if (declared === undefined) return notMeasurable('the model names no protected attributes');
  if (measured === undefined) return null;
  if (isNotMeasurable(measured)) return measured;
  return declared.attributes.map((attribute) => {
    const figures = measured[attribute];
    const judged = gates.filter(({ gate }) => gate.endsWith(`[${attribute}]`));
    return {
      attribute,
      known_from: `Column ${attribute} of the source ${declared.source}, as it was recorded there.`,
      groups: given(figures?.groups),
      demographic_parity_ratio: given(figures?.demographic_parity_ratio),
      equal_opportunity_difference: given(figures?.equal_opportunity_difference),
      gates: judged.length > 0 ? judged : notMeasurable('no threshold is set for this attribute'),
    };
  });
}

function given(value: unknown): unknown {
  return value === undefined ? null : told(value);
}
