import { canonicalTimeZone, timeZoneMeantBy } from '#configs/time-zone.ts';
import { textSql } from '../../text-sql.ts';
import { type Entry, type PrintedCall, signature } from '../entry.ts';
import { once } from '../once.ts';

const AREAS =
  'Africa America Antarctica Asia Atlantic Australia Brazil Canada Chile Europe Indian Mexico Pacific US'.split(
    ' ',
  );

/** Zones of which the two engines know different rules, by their latest changes. */
const DIFFERENT: ReadonlySet<string> = new Set([
  'America/Coyhaique',
  'America/Ensenada',
  'America/Santa_Isabel',
  'America/Tijuana',
  'Asia/Tehran',
  'Canada/East-Saskatchewan',
  'Mexico/BajaNorte',
  'US/Pacific-New',
]);

/** A zone that both engines know: minutes from UTC, or a region as Java and DuckDB name it. */
type Zone = { readonly minutes: number } | { readonly region: string };

function zoneOf(name: string): Zone | undefined {
  if (['UTC', 'GMT', 'Z'].includes(name)) return { minutes: 0 };
  const offset = /^([+-])(0\d|1[0-7]):([0-5]\d)$/.exec(name);
  if (offset !== null)
    return { minutes: Number(`${offset[1]}1`) * (Number(offset[2]) * 60 + Number(offset[3])) };
  const isRegion =
    /^[A-Z][A-Za-z]+(?:\/[A-Z][A-Za-z_-]+)+$/.test(name) && AREAS.includes(name.split('/')[0] ?? '');
  return isRegion && !DIFFERENT.has(name) && canonicalTimeZone(name) !== undefined
    ? { region: name }
    : undefined;
}

const shifted = (moment: string, minutes: number): string =>
  minutes === 0 ? moment : `(${moment} + to_microseconds(${minutes * 60_000_000}))`;

/** The time on the wall clock of a zone, of a time in UTC. */
function fromUtc(moment: string, zone: Zone): string {
  if ('minutes' in zone) return shifted(moment, zone.minutes);
  return `timezone(${textSql(zone.region)}, timezone('UTC', ${moment}))`;
}

/**
 * The time in UTC, of a time on the wall clock of a zone, as Java resolves it: of a time that comes twice, the earlier;
 * of a time that is left out, as if the clock had not changed yet.
 */
function toUtc(moment: string, zone: Zone): string {
  if ('minutes' in zone) return shifted(moment, -zone.minutes);
  return once([moment], ([local = '']) => {
    const at = (days: number): string => `(${local} + to_microseconds(${days * 86_400_000_000}))`;
    // The distance to UTC a day before and a day after, between which the clock changes at most once.
    const by = (days: number): string => `(${local} - (${fromUtc(at(days), zone)} - ${at(days)}))`;
    return once([local, by(-1), by(1)], ([wall = '', before = '', after = '']) => {
      const holds = (utc: string): string => `${fromUtc(utc, zone)} = ${wall}`;
      return `(CASE WHEN ${holds(before)} OR NOT ${holds(after)} THEN ${before} ELSE ${after} END)`;
    });
  });
}

function proven(name: unknown, { refuse }: PrintedCall): Zone {
  const text = String(name);
  const meant = timeZoneMeantBy(text) ?? 'Europe/Berlin';
  return (
    zoneOf(text) ??
    refuse(`The time zone ${text}`, `use a region such as '${meant}', or an offset such as '+01:00'`)
  );
}

const SAMPLES = ["'America/New_York'", "'Europe/Berlin'", "'+05:30'"];

const examples = (form: (zone: string) => string): string[] =>
  ['America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'Australia/Lord_Howe'].map((zone) =>
    form(`'${zone}'`),
  );

/** Functions of times in other zones, which must be constants. */
export const ZONES: readonly Entry[] = [
  {
    name: 'from_utc_timestamp',
    kind: 'scalar',
    signatures: [
      signature(
        'timestamp, string!',
        'timestamp',
        ([moment = ''], call) => fromUtc(moment, proven(call.constants[1], call)),
        { samples: { 1: SAMPLES } },
      ),
    ],
    examples: examples((zone) => `SELECT id, from_utc_timestamp(x, ${zone}) AS a FROM timestamps`),
  },
  {
    name: 'to_utc_timestamp',
    kind: 'scalar',
    signatures: [
      signature(
        'timestamp, string!',
        'timestamp',
        ([moment = ''], call) => toUtc(moment, proven(call.constants[1], call)),
        { samples: { 1: SAMPLES } },
      ),
    ],
    examples: examples((zone) => `SELECT id, to_utc_timestamp(x, ${zone}) AS a FROM timestamps`),
  },
  {
    name: 'convert_timezone',
    kind: 'scalar',
    signatures: [
      signature(
        'string!, timestamp_ntz',
        'timestamp_ntz',
        ([, moment = ''], call) => fromUtc(moment, proven(call.constants[0], call)),
        { samples: { 0: SAMPLES } },
      ),
      signature(
        'string!, string!, timestamp_ntz',
        'timestamp_ntz',
        ([, , moment = ''], call) =>
          fromUtc(toUtc(moment, proven(call.constants[0], call)), proven(call.constants[1], call)),
        { samples: { 0: SAMPLES, 1: SAMPLES } },
      ),
    ],
    examples: examples(
      (zone) => `SELECT id, convert_timezone(${zone}, 'Europe/London', x) AS a FROM local_timestamps`,
    ),
  },
];
