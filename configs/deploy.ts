import { z } from 'zod';
import { durationSchema } from './names.ts';
import { timeZoneSchema } from './time-zone-schema.ts';

export const deploySchema = z.strictObject({
  scheduler: z
    .enum(['temporal', 'airflow'])
    .describe('What starts the scheduled scoring: a Temporal Schedule or an Airflow DAG.'),
  schedule: z
    .string()
    .min(1)
    .max(100)
    .describe('Cron line of five fields: minute, hour, day of month, month, day of week.'),
  timezone: timeZoneSchema.describe(
    'IANA time zone of the schedule and of next_day. Old names such as US/Pacific are replaced by their canonical name.',
  ),
  go_live: z
    .union([z.literal('next_day'), z.strictObject({ after: durationSchema.describe('Such as 2s or 12h.') })])
    .default('next_day')
    .describe(
      'When an approved version takes over: at the next midnight in the time zone, or after a delay.',
    ),
});

export type DeployConfig = z.infer<typeof deploySchema>;
