import { z } from 'zod';
import { nameSchema } from '#configs/names.ts';

/** A DAG spec as the API returns it and as a file must contain it. */
export const dagSpecSchema = z
  .strictObject({
    spec_version: z.literal(1),
    dag_id: z.string().regex(/^millrace-[a-z0-9_]+-[a-z0-9_]+$/),
    model: nameSchema,
    feature_set: nameSchema,
    schedule: z.string().meta({ description: 'Cron line of five fields, read in `timezone`' }),
    timezone: z.string(),
    start_date: z.iso.datetime(),
    enabled: z.boolean().meta({ description: 'Whether Airflow itself scores each day' }),
    content_hash: z.string().regex(/^[0-9a-f]{32}$/),
  })
  .meta({ id: 'DagSpec' });
