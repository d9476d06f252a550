import type { CardTexts } from '#configs/card-texts.ts';
import { canonicalJson } from '#configs/canonical.ts';
import type { Card } from './card.ts';
import { writtenText } from './card-value.ts';

/** Where a card shows each text that people write in the model's YAML, as section and field. */
export const TEXT_PLACES = {
  purpose: ['identity', 'purpose'],
  rationale: ['identity', 'rationale'],
  exposure: ['identity', 'exposure'],
  validator: ['identity', 'validator'],
  product: ['purpose', 'product'],
  market: ['purpose', 'market'],
  population: ['purpose', 'population'],
  decision: ['purpose', 'decision'],
  intended_users: ['purpose', 'intended_users'],
  prohibited_uses: ['purpose', 'prohibited_uses'],
  human_oversight: ['purpose', 'human_oversight'],
  exclusions: ['data', 'exclusions'],
  reject_inference: ['data', 'reject_inference'],
  assumptions: ['limits', 'assumptions'],
  limitations: ['limits', 'known_failure_modes'],
  trade_offs: ['limits', 'trade_offs'],
  alternatives_searched: ['fairness', 'alternatives_searched'],
  mitigation: ['fairness', 'mitigation'],
  monitoring_plan: ['control', 'monitoring_plan'],
  review_date: ['control', 'review_date'],
} as const satisfies Readonly<Record<keyof CardTexts, readonly [keyof Card, string]>>;

/** The card with these texts; texts that are left out stay as they are. */
export function withTexts(card: Card, texts: Partial<CardTexts>): Card {
  let revised: Record<string, unknown> = { ...card };
  for (const [name, [section, field]] of Object.entries(TEXT_PLACES)) {
    const text = texts[name as keyof CardTexts];
    if (text === undefined) continue;
    revised = { ...revised, [section]: { ...(revised[section] as object), [field]: writtenText(text) } };
  }
  return revised as Card;
}

/** The texts that would change on the card, in the order of the config language. */
export function changedTexts(card: Card, texts: Partial<CardTexts>): readonly (keyof CardTexts)[] {
  const names = Object.keys(TEXT_PLACES) as (keyof CardTexts)[];
  return names.filter((name) => {
    const text = texts[name];
    return text !== undefined && canonicalJson(writtenText(text)) !== canonicalJson(shownText(card, name));
  });
}

function shownText(card: Card, name: keyof CardTexts): unknown {
  const [section, field] = TEXT_PLACES[name];
  return (card[section] as Readonly<Record<string, unknown>>)[field] ?? null;
}
