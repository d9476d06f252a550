import { textSql } from '../../text-sql.ts';
import { BOOLEAN } from '../../types.ts';
import { type Entry, type PrintedCall, type Signature, signature } from '../entry.ts';
import { once, stop } from '../once.ts';
import { lowerSql } from './case.ts';

const PATTERNS = ["'a%'", "'%b%'", "'_b_'", "'%'", "'a\\\\_b'", "'100\\\\%'", "'\\\\\\\\'", "''", "'%é_'"];

/** `x LIKE pattern`: `_` is one character, `%` any number; the escape may stand before these two and itself. */
function like(args: readonly string[], call: PrintedCall): string {
  const [text = '', pattern = ''] = args;
  const constant = call.constants[1];
  const escape = call.constants[2] ?? '\\';
  if (typeof escape !== 'string' || escape.length !== 1)
    return call.refuse('An ESCAPE that is not one character', 'name one character');
  if (constant === null) return 'CAST(NULL AS BOOLEAN)';
  if (typeof constant === 'string') return `(${text} LIKE ${fixedPattern(constant, escape, call)})`;
  if (escape !== '\\')
    return call.refuse('ESCAPE beside a pattern that is not a constant', 'use the backslash');
  return once([pattern], ([p = '']) => {
    const lone = `contains(regexp_replace(${p}, '\\\\[%_\\\\]', '', 'g'), '\\')`;
    return `CASE WHEN ${lone} THEN ${stop('LIKE met a pattern with a lone backslash')} ELSE ${text} LIKE ${p} ESCAPE '\\' END`;
  });
}

/** The pattern with backslashes as escapes; without any if it needs none, which DuckDB runs faster. */
function fixedPattern(pattern: string, escape: string, call: PrintedCall): string {
  const pieces: string[] = [];
  let isEscaped = false;
  for (const character of pattern) {
    if (isEscaped) {
      if (character !== '%' && character !== '_' && character !== escape) lone(call);
      pieces.push(`\\${character}`);
      isEscaped = false;
    } else if (character === escape) isEscaped = true;
    else pieces.push(character === '\\' ? '\\\\' : character);
  }
  if (isEscaped) lone(call);
  const joined = pieces.join('');
  return joined.includes('\\') ? `${textSql(joined)} ESCAPE '\\'` : textSql(joined);
}

function lone(call: PrintedCall): never {
  return call.refuse(
    'An escape in a pattern of LIKE before a character other than %, _ and itself',
    'double the escape',
  );
}

/** Both sides in lower case, as Spark compares them. */
function ilike([text = '', pattern = '']: readonly string[], call: PrintedCall): string {
  const constant = call.constants[1];
  const args = [lowerSql(text), typeof constant === 'string' ? pattern : lowerSql(pattern)];
  const constants =
    typeof constant === 'string'
      ? [undefined, constant.toLowerCase(), ...call.constants.slice(2)]
      : call.constants;
  return like(args, { ...call, constants });
}

function signatures(duckdb: Signature['duckdb']): readonly Signature[] {
  return [
    signature('string, string', BOOLEAN, duckdb, { samples: { 1: PATTERNS } }),
    signature('string, string, string!', BOOLEAN, duckdb, { samples: { 1: ["'a!_%'", "'!!'"], 2: ["'!'"] } }),
  ];
}

/** As operators and as functions. */
export const LIKES: readonly Entry[] = [
  { name: 'like', kind: 'scalar', signatures: signatures(like) },
  { name: 'ilike', kind: 'scalar', signatures: signatures(ilike) },
];

export const LIKE_OPERATORS: readonly Entry[] = LIKES.map((entry) => ({
  ...entry,
  name: entry.name.toUpperCase(),
  examples: PATTERNS.map(
    (pattern) => `SELECT id, x ${entry.name.toUpperCase()} ${pattern} AS a FROM strings`,
  ),
}));
