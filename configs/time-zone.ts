import { didYouMean } from './did-you-mean.ts';
import list from './time-zones.json' with { type: 'json' };

/**
 * Time zones by the one list that Node, Python and Go agree on (`time-zones.json`). Documents and deployments hold the
 * canonical name, so every scheduler reads the same zone.
 */
const byLower = new Map([
  ...Object.entries(list.aliases).map(([name, zone]) => [name.toLowerCase(), zone] as const),
  ...list.zones.map((zone) => [zone.toLowerCase(), zone] as const),
]);

/** The canonical name of a zone or an alias, in any letter case; undefined for a name that is not in the list. */
export function canonicalTimeZone(name: string): string | undefined {
  return byLower.get(name.toLowerCase());
}

/** The zone that a person most likely meant by an unknown name. */
export function timeZoneMeantBy(name: string): string | undefined {
  const abbreviated = ABBREVIATIONS[name.toUpperCase()];
  return abbreviated ?? fixedOffset(name) ?? canonicalTimeZone(didYouMean(name, byLower.keys()) ?? '');
}

/** Names of the fixed zones count hours west of Greenwich, so `+01:00` is `Etc/GMT-1`. */
function fixedOffset(text: string): string | undefined {
  const [, sign, hours] = /^(?:UTC|GMT)?([+-])0?(\d{1,2})(?::?00)?$/i.exec(text) ?? [];
  return hours === undefined ? undefined : canonicalTimeZone(`Etc/GMT${sign === '+' ? '-' : '+'}${hours}`);
}

/** The most populous meaning of each abbreviation; a suggestion, since several zones share most of them. */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  ACST: 'Australia/Adelaide',
  ADT: 'America/Halifax',
  AEDT: 'Australia/Sydney',
  AEST: 'Australia/Sydney',
  AKST: 'America/Anchorage',
  ART: 'America/Argentina/Buenos_Aires',
  AST: 'America/Halifax',
  AWST: 'Australia/Perth',
  BRT: 'America/Sao_Paulo',
  BST: 'Europe/London',
  CDT: 'America/Chicago',
  CEST: 'Europe/Berlin',
  CET: 'Europe/Berlin',
  CST: 'America/Chicago',
  EDT: 'America/New_York',
  EEST: 'Europe/Athens',
  EET: 'Europe/Athens',
  EST: 'America/New_York',
  GST: 'Asia/Dubai',
  HKT: 'Asia/Hong_Kong',
  HST: 'Pacific/Honolulu',
  IST: 'Asia/Kolkata',
  JST: 'Asia/Tokyo',
  KST: 'Asia/Seoul',
  MDT: 'America/Denver',
  MET: 'Europe/Berlin',
  MSK: 'Europe/Moscow',
  MST: 'America/Denver',
  NZDT: 'Pacific/Auckland',
  NZST: 'Pacific/Auckland',
  PDT: 'America/Los_Angeles',
  PKT: 'Asia/Karachi',
  PST: 'America/Los_Angeles',
  SAST: 'Africa/Johannesburg',
  SGT: 'Asia/Singapore',
  WEST: 'Europe/Lisbon',
  WET: 'Europe/Lisbon',
};
