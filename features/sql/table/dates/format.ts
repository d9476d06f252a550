import { textSql } from '../../text-sql.ts';
import { type Entry, type PrintedCall, signature } from '../entry.ts';
import { once } from '../once.ts';
import { type Piece, piecesOf } from './patterns.ts';

/** What `strftime` writes for a run of letters. */
const STRFTIME: Readonly<Record<string, string>> = {
  yy: '%y',
  yyyy: '%Y',
  M: '%-m',
  MM: '%m',
  MMM: '%b',
  MMMM: '%B',
  L: '%-m',
  LL: '%m',
  LLL: '%b',
  LLLL: '%B',
  d: '%-d',
  dd: '%d',
  D: '%-j',
  DDD: '%j',
  E: '%a',
  EE: '%a',
  EEE: '%a',
  EEEE: '%A',
  a: '%p',
  H: '%-H',
  HH: '%H',
  h: '%-I',
  hh: '%I',
  m: '%-M',
  mm: '%M',
  s: '%-S',
  ss: '%S',
  SSS: '%g',
  SSSSSS: '%f',
  SSSSSSSSS: '%f000',
  G: 'AD',
  // The session is in UTC.
  z: 'UTC',
  VV: 'UTC',
  Z: '+0000',
  X: 'Z',
  XX: 'Z',
  XXX: 'Z',
  x: '+00',
  xx: '+0000',
  xxx: '+00:00',
};

type Forms = Readonly<Record<string, (moment: string) => string>>;

/** Runs that `strftime` lacks, by the printed timestamp. */
const OTHERS: Forms = {
  y: (moment) => `CAST(year(${moment}) AS VARCHAR)`,
  Q: (moment) => `CAST(quarter(${moment}) AS VARCHAR)`,
  QQ: (moment) => `'0' || quarter(${moment})`,
  QQQ: (moment) => `'Q' || quarter(${moment})`,
  q: (moment) => `CAST(quarter(${moment}) AS VARCHAR)`,
  qq: (moment) => `'0' || quarter(${moment})`,
  k: (moment) => `CAST((hour(${moment}) + 23) % 24 + 1 AS VARCHAR)`,
  kk: (moment) => `lpad(CAST((hour(${moment}) + 23) % 24 + 1 AS VARCHAR), 2, '0')`,
  K: (moment) => `CAST(hour(${moment}) % 12 AS VARCHAR)`,
  KK: (moment) => `lpad(CAST(hour(${moment}) % 12 AS VARCHAR), 2, '0')`,
  S: (moment) => `strftime(${moment}, '%f')[1:1]`,
  SS: (moment) => `strftime(${moment}, '%f')[1:2]`,
  SSSS: (moment) => `strftime(${moment}, '%f')[1:4]`,
  SSSSS: (moment) => `strftime(${moment}, '%f')[1:5]`,
};

/** The text of a timestamp by a pattern, or undefined if the pattern has letters that are not proven. */
export function formatted(moment: string, pattern: string): string | undefined {
  const pieces = piecesOf(pattern);
  const runs = pieces?.flatMap((piece) => ('letter' in piece ? [piece.letter.repeat(piece.count)] : []));
  if (pieces === undefined || runs?.every((run) => run in STRFTIME || run in OTHERS) !== true)
    return undefined;
  if (pieces.length === 0) return `CASE WHEN ${moment} IS NOT NULL THEN '' END`;
  if (!runs.some((run) => /[yG]/.test(run))) return `(${joined(pieces, moment, STRFTIME)})`;
  return once([moment], ([of = '']) => {
    const early = runs.includes('G') ? OUTSIDE : joined(pieces, of, STRFTIME, EARLY);
    // Years of more than four digits have a sign, which `y` and `yy` do not write.
    const late = joined(pieces, of, { ...STRFTIME, yyyy: '+%Y' });
    return `(CASE WHEN year(${of}) < 1 THEN ${early} WHEN year(${of}) > 9999 THEN ${late} ELSE ${joined(pieces, of, STRFTIME)} END)`;
  });
}

const OUTSIDE = "error('millrace: the era of a year before 1 is not written')";

/** Years before 1, which have a sign in Spark unless the pattern writes their era. */
const EARLY: Forms = {
  ...OTHERS,
  yy: (moment) => `lpad(CAST(abs(year(${moment})) % 100 AS VARCHAR), 2, '0')`,
  yyyy: (moment) =>
    `CASE WHEN year(${moment}) < 0 THEN '-' ELSE '' END || printf('%04d', abs(year(${moment})))`,
};

function joined(
  pieces: readonly Piece[],
  moment: string,
  formats: Readonly<Record<string, string>>,
  others: Forms = OTHERS,
): string {
  const parts: string[] = [];
  let format = '';
  const close = (): void => {
    if (format !== '') parts.push(`strftime(${moment}, ${textSql(format)})`);
    format = '';
  };
  for (const piece of pieces) {
    const run = 'letter' in piece ? piece.letter.repeat(piece.count) : undefined;
    const other = run === undefined ? undefined : others[run];
    if ('text' in piece) format += piece.text.replaceAll('%', '%%');
    else if (other === undefined) format += formats[run ?? ''] ?? '';
    else {
      close();
      parts.push(other(moment));
    }
  }
  close();
  return parts.join(' || ');
}

export const INSTEAD = 'use one of the letters y M d E D Q H h m s S a, text in quotes and signs';

function byPattern(moment: string, pattern: unknown, { refuse }: PrintedCall): string {
  const found = typeof pattern === 'string' ? formatted(moment, pattern) : undefined;
  return found ?? refuse(`The pattern ${String(pattern)}`, INSTEAD);
}

/** Seconds that no longer make a timestamp wrap around in Spark. */
const ofSeconds = (seconds: string): string =>
  once([seconds], ([n = '']) => {
    const outside = `${n} NOT BETWEEN -9223372022400 AND 9223372036854`;
    return `CASE WHEN ${outside} THEN error('millrace: from_unixtime takes seconds that make a timestamp') ELSE make_timestamp(${n} * 1000000) END`;
  });

const SAMPLES = ["'yyyy-MM-dd'", "'yyyyMM'", "'E, d MMM yy'", "'HH:mm:ss.SSS'", "'h:mm a'"];

/** Functions that write moments as texts. */
export const FORMATS: readonly Entry[] = [
  {
    name: 'date_format',
    kind: 'scalar',
    signatures: [
      signature(
        'timestamp, string!',
        'string',
        ([moment = ''], call) => byPattern(moment, call.constants[1], call),
        { samples: { 1: SAMPLES } },
      ),
    ],
    examples: [
      "SELECT id, date_format(x, 'EEEE') AS a, date_format(x, 'MMMM D') AS b, date_format(x, 'Q/QQQ') AS c FROM dates",
      `SELECT id, date_format(x, "yyyy-MM-dd'T'HH:mm:ss.SSSSSS") AS a, date_format(x, 'k K hh a S') AS b FROM timestamps`,
      "SELECT id, date_format(x, 'd.M.y H:m:s') AS a, date_format(x, 'yyyy-MM-dd 100%') AS b FROM local_timestamps",
    ],
  },
  {
    name: 'from_unixtime',
    kind: 'scalar',
    signatures: [
      signature('bigint', 'string', ([seconds = ''], call) =>
        byPattern(ofSeconds(seconds), 'yyyy-MM-dd HH:mm:ss', call),
      ),
      signature(
        'bigint, string!',
        'string',
        ([seconds = ''], call) => byPattern(ofSeconds(seconds), call.constants[1], call),
        { samples: { 1: ["'yyyy-MM-dd'"] } },
      ),
    ],
    examples: [
      "SELECT id, from_unixtime(n) AS a, from_unixtime(n * 86400, 'yyyy-MM-dd') AS b FROM ints",
      'SELECT id, from_unixtime(unix_timestamp(x)) AS a FROM timestamps',
    ],
  },
];
