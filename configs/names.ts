import { z } from 'zod';

/** Names are part of S3 paths, workflow ids and DAG ids, so they must be short and plain. */
export const nameSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,62}$/,
    'a name: a lower-case letter, then lower-case letters, digits or _, at most 63',
  );

/** A column of a table: an SQL identifier that needs no quotes. */
export const columnSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, 'a column name: letters, digits and _, not starting with a digit');

/** Calendar date, `YYYY-MM-DD`. */
export const dateSchema = z.iso.date('a date as YYYY-MM-DD');

/** Days, hours, minutes or seconds: `35d`, `12h`, `10m`, `2s`. */
export const durationSchema = z
  .string()
  .regex(/^[1-9][0-9]{0,5}[smhd]$/, 'a duration such as 2s, 10m, 12h or 35d');

export const ownerSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'a team, such as core-banking')
  .describe('Team that answers for it.');

/** A file in the folder of the YAML file that names it, or below; never outside that folder. */
export const siblingFileSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*\.(sql|SQL)$/,
    'a .sql file beside the config, such as behaviour.sql',
  );
