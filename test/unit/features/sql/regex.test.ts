import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkRegex } from '#features/sql/table/texts/regex/check-regex.ts';
import { parseRegex } from '#features/sql/table/texts/regex/parse-regex.ts';
import { printRegex } from '#features/sql/table/texts/regex/print-regex.ts';
import { rewritten } from '#features/sql/table/texts/regex/replacement.ts';
import { UnsupportedRegex } from '#features/sql/table/texts/regex/syntax.ts';

function translated(pattern: string): string {
  const { regex } = parseRegex(pattern);
  checkRegex(regex);
  return printRegex(regex, 'uncaptured').pattern;
}

const LINE_END = '(?:\\r\\n|[\\n\\r\\x{85}\\x{2028}\\x{2029}])?\\z';

test('writes the sets of Java out for RE2', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['abc', 'abc'],
    [
      'a.c',
      'a[\\x{0}-\\x{9}\\x{b}-\\x{c}\\x{e}-\\x{84}\\x{86}-\\x{2027}\\x{202a}-\\x{d7ff}\\x{e000}-\\x{10ffff}]c',
    ],
    ['(?s).', '[\\x{0}-\\x{d7ff}\\x{e000}-\\x{10ffff}]'],
    ['\\s', '[\\x{9}-\\x{d} ]'],
    ['(?i)k', '[Kk]'],
    ['(?i)[^a]', '[\\x{0}-@B-\\x{60}b-\\x{d7ff}\\x{e000}-\\x{10ffff}]'],
    ['[a[b-d]]', '[a-d]'],
    ['[]a-]', '[\\x{2d}\\x{5d}a]'],
    ['\\p{Digit}{2,}?', '[0-9]{2,}?'],
    ['^(a|b)$', `\\A((?:a|b))${LINE_END}`],
    ['\\x41\\u00e9', 'A\\x{e9}'],
    ['a\\z', 'a\\z'],
    ['\\s+$', `[\\x{9}-\\x{d} ]+${LINE_END}`],
  ];
  for (const [pattern, expected] of cases) assert.equal(translated(pattern), expected, pattern);
});

test('rejects what RE2 lacks or matches in another way', () => {
  const patterns =
    '(?=a) (?!a) (?<=a)b (?>a) (a)\\1 a++ a*+ (a*)* (a|b*)+ \\p{L} \\p{IsAlphabetic} \\B \\G \\R \\X \\Qa\\E [a&&b] [^a[b]] ' +
    '(?m)^a (?x)a (?u)a \\b{g} a{1001} (a{100}){100} a$b $a [^a]$ \\s$ (\\n|a)$ \\ud83d ^* \\P{Upper}';
  for (const pattern of patterns.split(' '))
    assert.throws(() => translated(pattern), UnsupportedRegex, pattern);
});

test('rejects malformed patterns', () => {
  for (const pattern of [
    '(',
    ')',
    '[',
    'a)',
    '*a',
    'a{2',
    '{',
    'a**',
    '[z-a]',
    '\\',
    '(?<n>a)(?<n>b)',
    'a{3,2}',
    '\\x4',
  ])
    assert.throws(() => translated(pattern), UnsupportedRegex, pattern);
});

test('rewrites references of a replacement', () => {
  const printed = (pattern: string) => printRegex(parseRegex(pattern).regex, 'captured');
  const cases: readonly (readonly [string, string, string])[] = [
    ['(a)(b)', '$2-$1', '\\2-\\1'],
    ['(a)', '$12', '\\12'],
    ['a', '$0!', '\\0!'],
    ['a', '\\$5\\\\', '$5\\\\'],
    ['(a)$', 'x$1', 'x\\1\\2'],
    ['a$|(b)', '[$1]', '[\\2]\\1'],
  ];
  for (const [pattern, replacement, expected] of cases)
    assert.equal(rewritten(replacement, printed(pattern)), expected, `${pattern} ${replacement}`);
  for (const [pattern, replacement] of [
    ['a', '$1'],
    ['a', '$'],
    ['a', '\\'],
    ['a', '${n}'],
    ['a$', '<$0>'],
  ] as const)
    assert.throws(
      () => rewritten(replacement, printed(pattern)),
      UnsupportedRegex,
      `${pattern} ${replacement}`,
    );
});
