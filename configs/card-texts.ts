import { z } from 'zod';

const text = (meaning: string) => z.string().default('').describe(meaning);

/** Texts only people can write. Empty ones keep a version from being approved. */
export const cardTextSchema = z.strictObject({
  purpose: text('What the model is for.'),
  rationale: text('Why its risk tier is what it is.'),
  exposure: text('What depends on it: amounts, customers, decisions a day.'),
  validator: text('Who validated it, independent of the authors.'),
  product: text('Product that the decision belongs to.'),
  market: text('Country and channel.'),
  population: text('Whom it may score.'),
  decision: text('Decision that the score supports.'),
  intended_users: text('Who works with the score.'),
  prohibited_uses: text('What it must not be used for.'),
  human_oversight: text('Who looks at decisions, and how they are overridden.'),
  exclusions: text('Rows left out of training, and why.'),
  reject_inference: text('How applicants without an outcome were treated.'),
  assumptions: text('What has to hold for the score to mean something.'),
  limitations: text('Where it is known to fail.'),
  trade_offs: text('What was given up for what.'),
  alternatives_searched: text('Less discriminatory alternatives that were tried.'),
  mitigation: text('What was done about differences between groups.'),
  monitoring_plan: text('What is watched, how often, and what triggers action.'),
  review_date: text('When it is looked at again, at the latest.'),
});
