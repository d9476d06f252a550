import { invalid } from '../fault.ts';

const DAY = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/;

/** The day of `DATE '2024-02-29'` as YYYY-MM-DD; Spark fills in a month or a day that is missing, and ignores a time. */
export function dateText(text: string, at: number): string {
  const day = isoDay(text.trim().replace(/[ T].*$/s, ''));
  if (day === undefined) throw invalid(`'${text}' is not a date of the form YYYY-MM-DD.`, at);
  return day;
}

function isoDay(text: string): string | undefined {
  const [whole, year = '', month = '01', day = '01'] = DAY.exec(text) ?? [];
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const time = Date.parse(`${iso}T00:00:00Z`);
  const exists = !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso);
  return whole !== undefined && exists ? iso : undefined;
}

const TIME = /^(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?)?)?$/;
const ZONE = / ?(?:Z|UTC|GMT)$| ?([+-])(\d{2}):(\d{2})$/;

/**
 * The time in UTC of `TIMESTAMP '2024-02-29 12:00:00.5'`, which may end with an offset; digits beyond microseconds are cut
 * off. The name of a region and a literal such as 'now' are refused.
 */
export function timestampText(text: string, at: number): string {
  const [day = '', ...rest] = text.trim().split(/[ T](.*)$/s);
  const [clock = ''] = rest;
  const zone = clock === '' ? null : ZONE.exec(clock);
  const date = isoDay(day);
  const time = TIME.exec(clock === '' ? '0' : clock.slice(0, zone?.index));
  if (date === undefined || time === null)
    throw invalid(
      `'${text}' is not a timestamp of the form YYYY-MM-DD HH:MM:SS, in UTC or with an offset.`,
      at,
    );
  const [, hour = '', minute = '0', second = '0', fraction = ''] = time;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    throw invalid(`'${text}' is not a time of the day.`, at);
  const [, sign, hours = '0', minutes = '0'] = zone ?? [];
  if (Number(hours) > 18 || Number(minutes) > 59)
    throw invalid(`'${text}' has no offset such as +02:00.`, at);
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  const seconds = (Number(hour) * 60 + Number(minute) - offset) * 60 + Number(second);
  const moment = new Date(Date.parse(`${date}T00:00:00Z`) + seconds * 1000).toISOString();
  if (!/^\d{4}-/.test(moment)) throw invalid(`'${text}' is not between the years 0 and 9999.`, at);
  return `${moment.slice(0, 19).replace('T', ' ')}.${fraction.slice(0, 6).padEnd(6, '0')}`;
}
