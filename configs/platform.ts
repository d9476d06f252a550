import { z } from 'zod';
import { ownerSchema } from './names.ts';
import { accessSchema } from './reading.ts';

const countOfJobs = z.int().min(1).max(10_000);

/** Roles that a tier may ask its approvers for. */
export const APPROVING_ROLES = ['approver', 'operator', 'admin'] as const;

/** A schema of its own for each tier, so that the reference of the config language lists the keys of each. */
function approvalRule(tier: string) {
  return z
    .strictObject({
      approvals: z.int().min(1).max(5).default(1).describe('How many people must approve a version.'),
      role: z.enum(APPROVING_ROLES).default('approver').describe('Role that each of them must have.'),
      valid_days: z
        .int()
        .min(1)
        .max(3650)
        .default(90)
        .describe(
          'Days after which an approval expires. A version can only be deployed for a time at which all its approvals are valid.',
        ),
      author_may_approve: z
        .boolean()
        .default(false)
        .describe('Whether authors of a version may approve it; the model card then says so.'),
    })
    .prefault({})
    .describe(`For models of risk tier ${tier}.`);
}

export const platformSchema = z
  .strictObject({
    kind: z.literal('Platform'),
    name: z
      .literal('platform')
      .default('platform')
      .describe('An installation has only one such document, so the name is fixed.'),
    access: accessSchema,
    approval: z
      .strictObject({
        low: approvalRule('low'),
        medium: approvalRule('medium'),
        high: approvalRule('high'),
      })
      .prefault({})
      .describe('Who may approve a version, by the risk tier of its model.'),
    training: z
      .strictObject({
        packages: z
          .array(z.string().regex(/^[a-z_][a-z0-9_]*$/, 'a Python package, such as sklearn'))
          .min(1)
          .default(['sklearn', 'lightgbm'])
          .describe('Python packages whose classes an estimator may name.'),
        memory_steps: z
          .int()
          .min(0)
          .max(4)
          .default(2)
          .describe('How often a job that ran out of memory is retried, each time with double the memory.'),
        timeout_minutes: z
          .int()
          .min(1)
          .max(1440)
          .default(60)
          .describe('Maximum run time of one training job, in minutes.'),
      })
      .prefault({})
      .describe('Limits of training jobs.'),
    jobs: z
      .strictObject({
        at_once: countOfJobs
          .default(200)
          .describe(
            'How many jobs of all teams may exist at the same time. Others wait before they are created.',
          ),
        per_team: countOfJobs
          .default(100)
          .describe(
            'How many of them may be of one team. Less than `at_once` leaves room for other teams, whatever priority its models have.',
          ),
        teams: z
          .record(ownerSchema, countOfJobs)
          .default({})
          .describe('Other limits of single teams, such as `{risk: 20}`.'),
      })
      .prefault({})
      .describe('How many jobs (trainings, evaluations) may exist at the same time.'),
    drift: z
      .strictObject({
        psi_warn: z
          .number()
          .positive()
          .default(0.1)
          .describe('Population stability index from which a feature or the score is reported as drifting.'),
        psi_alert: z
          .number()
          .positive()
          .default(0.25)
          .describe('Population stability index from which drift is reported as an alert.'),
      })
      .prefault({})
      .describe('When scores are reported as drifting.'),
  })
  .describe('Rules of one installation. Without this document the defaults apply.');

export type PlatformConfig = z.infer<typeof platformSchema>;
/** What the approval of a version of a risk tier takes. */
export type ApprovalRule = PlatformConfig['approval']['high'];
export type ApprovalRules = PlatformConfig['approval'];
export const defaultPlatform: PlatformConfig = platformSchema.parse({ kind: 'Platform' });
