import { z } from 'zod';
import { columnSchema } from './names.ts';

const bounds = {
  min: z.number().optional().describe('The figure must be at least this.'),
  max: z.number().optional().describe('The figure must be at most this.'),
};
const attribute = columnSchema.describe('One of the fairness attributes.');

/** Gates are bounds on figures of the test split. Approval checks the verdicts. */
export const gatesSchema = z.strictObject({
  auc: z.strictObject(bounds).optional().describe('Area under the ROC curve.'),
  gini: z.strictObject(bounds).optional().describe('2 · AUC − 1.'),
  ks: z.strictObject(bounds).optional().describe('Kolmogorov–Smirnov distance of good and bad scores.'),
  brier: z.strictObject(bounds).optional().describe('Mean squared error of the probability.'),
  log_loss: z.strictObject(bounds).optional().describe('Mean negative log-likelihood.'),
  demographic_parity_ratio: z
    .strictObject({ attribute, ...bounds })
    .optional()
    .describe('Lowest rate of accepted rows among the groups, divided by the highest, at the cut-off.'),
  equal_opportunity_difference: z
    .strictObject({ attribute, ...bounds })
    .optional()
    .describe(
      'Largest difference between groups in the rate at which good rows are accepted, at the cut-off.',
    ),
});

export type GatesConfig = z.infer<typeof gatesSchema>;
