import { CronExpressionParser } from 'cron-parser';
import type { DeployConfig } from '../model.ts';
import type { Fault } from '../schema-problems.ts';
import { fault } from './references.ts';
import { timeZoneFaults } from './time-zone-rules.ts';

const EXPECTED = 'five fields, such as 0 5 * * *';
/** The syntax that cron, Temporal and Airflow interpret identically: numbers, names, lists, ranges and steps. */
const PORTABLE_FIELD = /^(\*|\d+|[A-Za-z]{3})([-,/](\*|\d+|[A-Za-z]{3}))*$/;

export function scheduleFaults(deploy: DeployConfig): Fault[] {
  const cron = cronFault(deploy.schedule);
  return [
    ...(cron === undefined
      ? []
      : [fault('CONFIG_CRON_INVALID', ['deploy', 'schedule'], cron, { expected: EXPECTED })]),
    ...timeZoneFaults(deploy.timezone, ['deploy', 'timezone']),
  ];
}

function cronFault(schedule: string): string | undefined {
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== 5) return `"${schedule}" has ${fields.length} fields`;
  const [, , dayOfMonth = '', , dayOfWeek = ''] = fields;
  const strange = fields.find((field) => !PORTABLE_FIELD.test(field)) ?? fields.find(isOneWide);
  if (strange !== undefined) return `schedulers interpret the field ${strange} differently`;
  if (isOneDayWithStep(dayOfWeek) || isMondayToSeven(dayOfWeek))
    return `schedulers interpret the day of week ${dayOfWeek} differently`;
  // Also a step or a range that holds every day counts as a restriction for some schedulers, and not for others.
  if (dayOfMonth !== '*' && dayOfWeek !== '*') {
    return 'day of month and day of week are both restricted, and schedulers differ in whether one or both must match';
  }
  try {
    CronExpressionParser.parse(schedule, { tz: 'UTC' }).next();
    return undefined;
  } catch (error) {
    return `"${schedule}" cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Airflow reads a range of one value, such as `5-5`, as every value. */
function isOneWide(field: string): boolean {
  return field.split(',').some((item) => {
    const [, from, to] = /^0*(\w+)-0*(\w+)/.exec(item) ?? [];
    return from !== undefined && from.toLowerCase() === to?.toLowerCase();
  });
}

/** Airflow reads `MON/2` as Monday to Friday in steps of two, and `7/2` from Monday on. */
function isOneDayWithStep(dayOfWeek: string): boolean {
  return dayOfWeek.split(',').some((item) => /^([A-Za-z]{3}|7)\//.test(item));
}

/** Temporal leaves the Sunday out of `1-7`. */
function isMondayToSeven(dayOfWeek: string): boolean {
  return dayOfWeek.split(',').some((item) => /^(1|mon)-7$/i.test(item));
}
