import { z } from 'zod';

const text = (meaning: string) => z.string().default('').describe(meaning);

/** Texts that only people can write. A version with an empty one cannot be approved. */
export const cardTextSchema = z.strictObject({
  purpose: text('What the model is for.'),
  rationale: text('Why the model has its risk tier.'),
  exposure: text('What depends on it: amounts, customers, decisions a day.'),
  validator: text('Who validated it, independent of the authors.'),
  product: text('Product that the decision belongs to.'),
  market: text('Country and channel.'),
  population: text('Who may be scored.'),
  decision: text('Decision that the score supports.'),
  intended_users: text('Who works with the score.'),
  prohibited_uses: text('What it must not be used for.'),
  human_oversight: text('Who looks at decisions, and how they are overridden.'),
  exclusions: text('Rows left out of training, and why.'),
  reject_inference: text('How applicants without an outcome were treated.'),
  assumptions: text('What must be true for the score to be valid.'),
  limitations: text('Where it is known to fail.'),
  trade_offs: text('Trade-offs that were made.'),
  alternatives_searched: text('Less discriminatory alternatives that were tried.'),
  mitigation: text('What was done about differences between groups.'),
  monitoring_plan: text('What is watched, how often, and what triggers action.'),
  review_date: text('Latest date of the next review.'),
});

/** Some of the texts, to change them on a card. */
export const cardTextChangesSchema = z.partialRecord(
  z.enum(Object.keys(cardTextSchema.shape) as (keyof CardTexts)[]),
  z.string().max(20_000),
);

export type CardTexts = z.infer<typeof cardTextSchema>;
