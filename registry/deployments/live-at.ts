import { Temporal } from '@js-temporal/polyfill';
import { MillraceError } from '#errors/millrace-error.ts';
import type { DeployConfig } from '#configs/model.ts';

export type GoLive = DeployConfig['go_live'];

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/**
 * When a deployment goes live, as a UTC instant with milliseconds.
 *
 * `next_day`: the start of the next calendar day in `zone`. That is midnight, or the first moment after a daylight
 * saving gap that skips midnight. `{ after }`: elapsed time after the request; a day is 24 hours, regardless of clock
 * changes. Reads no clock: the time of the request is an argument.
 *
 * @param requestedAt ISO-8601 instant.
 * @param zone IANA time zone, such as `Europe/London`.
 */
export function liveAt(requestedAt: string, policy: GoLive, zone: string): string {
  const requested = instant(requestedAt);
  if (policy === 'next_day') {
    const tomorrow = zoned(requested, zone).toPlainDate().add({ days: 1 });
    return text(tomorrow.toZonedDateTime(zone).toInstant());
  }
  return text(requested.add({ seconds: seconds(policy.after) }));
}

function seconds(duration: string): number {
  const match = /^([1-9][0-9]{0,5})([smhd])$/.exec(duration);
  if (match === null) {
    throw new MillraceError('GO_LIVE_INVALID', `${JSON.stringify(duration)} is not a duration.`, {
      details: { after: duration },
    });
  }
  return Number(match[1]) * SECONDS[match[2] as keyof typeof SECONDS];
}

function instant(requestedAt: string): Temporal.Instant {
  try {
    return Temporal.Instant.from(requestedAt);
  } catch (cause) {
    throw new MillraceError('GO_LIVE_INVALID', `${JSON.stringify(requestedAt)} is not an instant.`, {
      cause,
    });
  }
}

function zoned(at: Temporal.Instant, zone: string): Temporal.ZonedDateTime {
  try {
    return at.toZonedDateTimeISO(zone);
  } catch (cause) {
    throw new MillraceError('GO_LIVE_INVALID', `${JSON.stringify(zone)} is not a time zone.`, { cause });
  }
}

function text(at: Temporal.Instant): string {
  return at.toString({ smallestUnit: 'millisecond' });
}
