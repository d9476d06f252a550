import { fieldWithKey } from './card-missing.ts';
import type { ApprovalRules } from '#configs/platform.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { readCard } from './card-store.ts';
import { notMeasurable } from './card-value.ts';
import type { Card, ShownCard } from './card.ts';
import { currentCard } from './current-card.ts';
import type { Pair } from '#configs/pair.ts';
import type { Registry } from '../registry.ts';
import type { VersionStage } from '../versions/stage.ts';
import type { Version } from '../versions/version.ts';
import { whatChanged } from './what-changed.ts';

export interface ShownWith {
  readonly version: Version;
  readonly stage: VersionStage;
  /** The version that a rollback would restore. */
  readonly rollbackTarget: number | undefined;
  /** The approval rules that hold now. */
  readonly rules: ApprovalRules;
  /** Card of the previous version; absent for the first. */
  readonly previous?: Card;
}

interface ReadFrom {
  readonly registry: Registry;
  readonly objects: ObjectStore;
  readonly rules: ApprovalRules;
}

/** A version's current card: the stored body with number, stage, approvals, findings and rollback target. */
export async function readShownCard(
  { registry, objects, rules }: ReadFrom,
  pair: Pair,
  number: number,
): Promise<ShownCard> {
  const [version, stage, rollbackTarget] = await Promise.all([
    registry.version(pair, number),
    registry.stage(pair, number),
    registry.rollbackTarget(pair),
  ]);
  const card = await readCard(objects, currentCard(version, stage));
  if (number === 1) return showCard(card, { version, stage, rollbackTarget, rules });
  const previous = await previousCard(registry, objects, pair, number - 1);
  return showCard(card, { version, stage, rollbackTarget, rules, previous });
}

export function showCard(
  card: Card,
  { version, stage, rollbackTarget, rules, previous }: ShownWith,
): ShownCard {
  return {
    ...card,
    identity: {
      ...card.identity,
      version: version.version,
      previous_version:
        previous === undefined ? notMeasurable('it is the first version') : version.version - 1,
      what_changed:
        previous === undefined ? notMeasurable('it is the first version') : [...whatChanged(previous, card)],
      authors: [...version.authors],
      authors_since:
        version.authors_since ?? notMeasurable('no version of the pair was approved by others before'),
      status: stage.stage,
      status_since: stage.since,
    },
    control: {
      ...card.control,
      approval_rule: { tier: version.approval_tier, ...rules[version.approval_tier] },
      approvals: stage.judgements.map(({ at, waivers, ...judgement }) => ({
        ...judgement,
        when: at,
        waivers: [...waivers],
      })),
      card_revision: currentCard(version, stage).revision,
      card_revised_by: [...currentCard(version, stage).authors],
      findings: [...findings(card, version, stage)],
      rollback_target:
        rollbackTarget ?? notMeasurable('no version of the pair was live before that could be live again'),
    },
  };
}

async function previousCard(
  registry: Registry,
  objects: ObjectStore,
  pair: Pair,
  number: number,
): Promise<Card> {
  const [version, stage] = await Promise.all([registry.version(pair, number), registry.stage(pair, number)]);
  return readCard(objects, currentCard(version, stage));
}

/** The points that an approver should see first. */
function findings(card: Card, version: Version, stage: VersionStage): readonly string[] {
  const { quality } = card.data;
  const { withdrawal } = stage;
  return [
    ...(withdrawal === undefined
      ? []
      : [`${withdrawal.principal} withdrew the version at ${withdrawal.at}: ${withdrawal.reason}`]),
    ...currentCard(version, stage).missing.map((path) => `The card lacks ${fieldWithKey(path)}.`),
    ...version.gates
      .filter(({ passed }) => !passed)
      .map(
        ({ gate, value, min, max }) => `Gate ${gate} failed: ${value ?? 'not measurable'}${bound(min, max)}.`,
      ),
    ...(Array.isArray(quality)
      ? quality
          .filter(({ success }) => !success)
          .map(({ expectation, column, dt }) => `Check ${expectation} of ${column} failed in ${dt}.`)
      : []),
    ...(failedFidelity(card) ? ['The reasons of declined rows failed their fidelity test.'] : []),
  ];
}

function bound(min: number | undefined, max: number | undefined): string {
  return `${min === undefined ? '' : `, required: at least ${min}`}${max === undefined ? '' : `, required: at most ${max}`}`;
}

function failedFidelity({ explainability: { fidelity } }: Card): boolean {
  return (
    typeof fidelity === 'object' && fidelity !== null && 'passed' in fidelity && fidelity.passed === false
  );
}
