import { type Entry, signature } from '../entry.ts';

const itself = ([value = '']: readonly string[]): string => value;

/** Functions that only convert their argument. */
export const CONVERSIONS: readonly Entry[] = [
  {
    name: 'to_date',
    kind: 'scalar',
    signatures: [signature('date', 'date', itself)],
    examples: [
      'SELECT id, to_date(x) AS a FROM timestamps',
      'SELECT id, to_date(x) AS a FROM local_timestamps',
    ],
  },
  {
    name: 'to_timestamp',
    kind: 'scalar',
    signatures: [signature('timestamp', 'timestamp', itself)],
    examples: [
      'SELECT id, to_timestamp(x) AS a FROM dates',
      'SELECT id, to_timestamp(x) AS a FROM local_timestamps',
    ],
  },
  {
    name: 'to_timestamp_ntz',
    kind: 'scalar',
    signatures: [signature('timestamp_ntz', 'timestamp_ntz', itself)],
  },
];
