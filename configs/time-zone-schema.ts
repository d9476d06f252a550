import { z } from 'zod';
import { canonicalTimeZone } from './time-zone.ts';

/** An IANA time zone. An unknown name stays as it is; the rules refuse it at its place. */
export const timeZoneSchema = z
  .string()
  .min(1)
  .overwrite((name) => canonicalTimeZone(name) ?? name);
