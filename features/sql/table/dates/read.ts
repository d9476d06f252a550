import { BIGINT, DATE, type SimpleKind, type SqlType, TIMESTAMP } from '../../types.ts';
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
function reading(kind: SimpleKind, result: SqlType, of: (moment: string) => string): Signature[] {
  const moments = (args: readonly SqlType[]): readonly SqlType[] => [{ kind }, ...args.slice(1)];
  return [
    signature('text, text!', result, (args, call) => of(read(args, call)), { samples: SAMPLES }),
    signature('moment, text!', result, ([moment = '']) => of(moment), { samples: SAMPLES, convert: moments }),
    signature('moment', result, ([moment = '']) => of(moment), { convert: moments }),
  ];
}

/** A text without a pattern is read as by a cast. */
const cast = (kind: SimpleKind): Signature =>
  signature('text', { kind }, ([moment = '']) => moment, { convert: () => [{ kind }] });

const asDate = (moment: string): string => `CAST(${moment} AS DATE)`;
const itself = (moment: string): string => moment;

function unix(name: string): Entry {
  return {
    name,
    kind: 'scalar',
    signatures: [
      signature('text', BIGINT, (args, call) => epoch(read(args, call))),
      ...reading('timestamp', BIGINT, epoch),
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
    signatures: [cast('date'), ...reading('date', DATE, asDate)],
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
    signatures: [cast('timestamp'), ...reading('timestamp', TIMESTAMP, itself)],
    examples: [
      'SELECT id, to_timestamp(x) AS a FROM dates',
      "SELECT id, to_timestamp(date_format(x, 'yyyy-MM-dd hh:mm a'), 'yyyy-MM-dd hh:mm a') AS a FROM timestamps",
      `SELECT id, to_timestamp(date_format(x, "yyyy-MM-dd'T'HH:mm:ss.SSS"), "yyyy-MM-dd'T'HH:mm:ss.SSS") AS a FROM timestamps`,
    ],
  },
  {
    name: 'to_timestamp_ntz',
    kind: 'scalar',
    signatures: [cast('timestamp_ntz'), ...reading('timestamp_ntz', { kind: 'timestamp_ntz' }, itself)],
  },
  {
    name: 'try_to_timestamp',
    kind: 'scalar',
    signatures: [cast('timestamp'), ...reading('timestamp', TIMESTAMP, itself)],
  },
  unix('unix_timestamp'),
  unix('to_unix_timestamp'),
];
