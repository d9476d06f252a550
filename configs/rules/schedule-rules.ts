import { CronExpressionParser } from 'cron-parser';
import { didYouMean } from '../did-you-mean.ts';
import type { DeployConfig } from '../model.ts';
import type { Fault } from '../schema-problems.ts';
import { fault } from './references.ts';

const EXPECTED = 'five fields, such as 0 5 * * *';
/** The syntax that cron, Temporal and Airflow interpret identically: numbers, names, lists, ranges and steps. */
const PORTABLE_FIELD = /^(\*|\d+|[A-Za-z]{3})([-,/](\*|\d+|[A-Za-z]{3}))*$/;

export function scheduleFaults(deploy: DeployConfig): Fault[] {
  const cron = cronFault(deploy.schedule);
  return [
    ...(cron === undefined
      ? []
      : [fault('CONFIG_CRON_INVALID', ['deploy', 'schedule'], cron, { expected: EXPECTED })]),
    ...(isTimeZone(deploy.timezone)
      ? []
      : [
          fault('CONFIG_TIMEZONE_UNKNOWN', ['deploy', 'timezone'], `${deploy.timezone} is no time zone`, {
            expected: 'an IANA name such as Europe/London',
            suggestion: didYouMean(deploy.timezone, Intl.supportedValuesOf('timeZone')),
          }),
        ]),
  ];
}

function cronFault(schedule: string): string | undefined {
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== 5) return `"${schedule}" has ${fields.length} fields`;
  const strange = fields.find((field) => !PORTABLE_FIELD.test(field));
  if (strange !== undefined) return `the field ${strange} is not read alike by every scheduler`;
  if (!fields[2]?.startsWith('*') && !fields[4]?.startsWith('*')) {
    return 'day of month and day of week are both restricted, and schedulers differ in whether one or both must match';
  }
  try {
    CronExpressionParser.parse(schedule, { tz: 'UTC' }).next();
    return undefined;
  } catch (error) {
    return `"${schedule}" cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function isTimeZone(name: string): boolean {
  // Intl accepts offsets such as +01:00, but they are not time zones: they have no daylight saving time.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
