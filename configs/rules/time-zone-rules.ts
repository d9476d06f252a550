import type { ConfigPath } from '../problem.ts';
import type { Fault } from '../schema-problems.ts';
import { canonicalTimeZone, timeZoneMeantBy } from '../time-zone.ts';
import { fault } from './references.ts';

const EXPECTED = 'an IANA name such as Europe/London; abbreviations and offsets are not time zones';

export function timeZoneFaults(zone: string, path: ConfigPath): Fault[] {
  if (canonicalTimeZone(zone) !== undefined) return [];
  return [
    fault('CONFIG_TIMEZONE_UNKNOWN', path, `${zone} is not a time zone`, {
      expected: EXPECTED,
      suggestion: timeZoneMeantBy(zone),
    }),
  ];
}
