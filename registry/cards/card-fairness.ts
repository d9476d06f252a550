import { bandNames, columnOf, edgesOf, type FairnessAttribute } from '#configs/fairness.ts';
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
  return declared.attributes.map((declaredAttribute) => {
    const attribute = columnOf(declaredAttribute);
    const figures = measured[attribute];
    const judged = gates.filter(({ gate }) => gate.endsWith(`[${attribute}]`));
    return {
      attribute,
      known_from: knownFrom(declaredAttribute, declared.source),
      groups: given(inOrder(figures?.groups, declaredAttribute)),
      demographic_parity_ratio: given(figures?.demographic_parity_ratio),
      equal_opportunity_difference: given(figures?.equal_opportunity_difference),
      gates: judged.length > 0 ? judged : notMeasurable('no threshold is set for this attribute'),
    };
  });
}

function knownFrom(attribute: FairnessAttribute, source: string): string {
  const recorded = `Column ${columnOf(attribute)} of the source ${source}, as it was recorded there`;
  const edges = edgesOf(attribute);
  if (typeof attribute === 'string' || edges === undefined) return `${recorded}.`;
  const names = bandNames(edges).join(', ');
  return 'bands' in attribute
    ? `${recorded}, in bands: ${names}.`
    : `${recorded}, as completed years on the date of the row, in bands: ${names}.`;
}

/** The trainer sorts groups by name; bands follow their edges, then come missing values. */
function inOrder(groups: unknown, attribute: FairnessAttribute): unknown {
  const edges = edgesOf(attribute);
  if (edges === undefined || !Array.isArray(groups)) return groups;
  const names = bandNames(edges);
  const position = (group: unknown): number => {
    const at = names.indexOf(String((group as { readonly group?: unknown }).group));
    return at === -1 ? names.length : at;
  };
  return groups.toSorted((a, b) => position(a) - position(b));
}

function given(value: unknown): unknown {
  return value === undefined ? null : told(value);
}
