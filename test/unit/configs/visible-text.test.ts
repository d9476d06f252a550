import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hiddenCharacter } from '#configs/visible-text.ts';

test('takes text of any script, with the joiners that its spelling needs, and emoji', () => {
  for (const text of [
    'Łódź, naïve café\t1\r\n2',
    '日本語',
    'می‌خواهم'.normalize(),
    'क्\u200Dष',
    '👨\u200D👩\u200D👧',
    '👩🏽\u200D🚀',
    '❤\uFE0F',
    '1\uFE0F\u20E3',
  ])
    assert.equal(hiddenCharacter(text), undefined, text);
});

test('names the first character that readers cannot see, and its place', () => {
  for (const [text, index, name] of [
    ['a\u200Bb', 1, 'U+200B'],
    ['a\u200Cb', 1, 'U+200C'],
    ['\u200Da', 0, 'U+200D'],
    ['تس\u200C\u200Cت', 3, 'U+200C'],
    ['a\uFE0F', 1, 'U+FE0F'],
    ['ab\uFEFF', 2, 'U+FEFF'],
    ['a\u{E0041}', 1, 'U+E0041'],
    ['\u0000', 0, 'U+0000'],
    ['a\u202E\u0007', 1, 'U+202E'],
    ['a\uD800', 1, 'U+D800'],
  ] as const)
    assert.deepEqual(hiddenCharacter(text), { index, name });
});
