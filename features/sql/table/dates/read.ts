import { BIGINT, type SqlType, TIMESTAMP } from '../../types.ts';
import { type Entry, type PrintedCall, type Signature, signature } from '../entry.ts';
import { parsed } from './parse.ts';

const INSTEAD = "use a pattern of y M d H h m s S a with signs between them, such as 'yyyy-MM-dd HH:mm:ss'";

function read([text = '', given]: readonly string[], call: PrintedCall): string {
  const pattern = given === undefined ? DEFAULT : call.constants[1];
  const found = typeof pattern === 'string' ? parsed(text, pattern) : undefined;
  return found ?? call.refuse(`The pattern ${String(pattern)} for reading`, INSTEAD);
}

const DEFAULT = 'yyyy-MM-dd HH:mm:ss';

/** Unlike in unix_seconds, a part of a second before 1970 is cut off. */
const epoch = (moment: string): string => `(epoch_us(${moment}) // 1000000)`;

const SAMPLES = { 1: ["'yyyy-MM-dd'", "'dd/MM/yyyy HH:mm'", "'MMM d, yyyy'"] };

/** Of a text by a pattern, and of moments, for which a pattern means nothing. */
function reading(result: SqlType, of: (moment: string) => string, moments: string): Signature[] {
  return [
    signature('string, string!', result, (args, call) => of(read(args, call)), { samples: SAMPLES }),
    signature(`${moments}, string`, result, ([moment = '']) => of(moment)),
    signature(moments, result, ([moment = '']) => of(moment)),
  ];
}

const asDate = (moment: string): string => `CAST(${moment} AS DATE)`;
const itself = (moment: string): string => moment;

function unix(name: string): Entry {
  return {
    name,
    kind: 'scalar',
    signatures: [
      signature('string', BIGINT, (args, call) => epoch(read(args, call))),
      ...reading(BIGINT, epoch, 'timestamp'),
    ],
    examples: [
      `SELECT id, ${name}(x) AS a FROM timestamps`,
      `SELECT id, ${name}(x) AS a, ${name}(x, 'yyyy') AS b FROM dates`,
      `SELECT id, ${name}(date_format(x, 'yyyy-MM-dd HH:mm:ss')) AS a FROM timestamps`,
    ],
  };
}

/** Functions that read moments from texts by a pattern, or convert other values to them. */
export const READERS: readonly Entry[] = [
  {
    name: 'to_date',
    kind: 'scalar',
    signatures: reading({ kind: 'date' }, asDate, 'date'),
    examples: [
      'SELECT id, to_date(x) AS a FROM timestamps',
      "SELECT id, to_date(date_format(x, 'yyyyMMdd'), 'yyyyMMdd') AS a FROM dates",
      "SELECT id, to_date(date_format(x, 'd/M/yyyy'), 'd/M/yyyy') AS a FROM dates",
      "SELECT id, to_date(date_format(x, 'dd-MMM-yyyy'), 'dd-MMM-yyyy') AS a FROM dates",
    ],
  },
  {
    name: 'to_timestamp',
    kind: 'scalar',
    aliases: ['to_timestamp_ltz'],
    signatures: reading(TIMESTAMP, itself, 'timestamp'),
    examples: [
      'SELECT id, to_timestamp(x) AS a FROM dates',
      "SELECT id, to_timestamp(date_format(x, 'yyyy-MM-dd hh:mm a'), 'yyyy-MM-dd hh:mm a') AS a FROM timestamps",
      `SELECT id, to_timestamp(date_format(x, "yyyy-MM-dd'T'HH:mm:ss.SSS"), "yyyy-MM-dd'T'HH:mm:ss.SSS") AS a FROM timestamps`,
    ],
  },
  {
    name: 'to_timestamp_ntz',
    kind: 'scalar',
    signatures: reading({ kind: 'timestamp_ntz' }, itself, 'timestamp_ntz'),
  },
  {
    name: 'try_to_timestamp',
    kind: 'scalar',
    signatures: reading(TIMESTAMP, itself, 'timestamp'),
  },
  unix('unix_timestamp'),
  unix('to_unix_timestamp'),
];
