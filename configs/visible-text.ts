import type { z } from 'zod';

/**
 * Control characters, separators of lines and paragraphs, half characters, characters without a shape (such as a zero-width
 * space), and characters that turn the direction of the text around them: a reader of a card or an approval would see something
 * else than what is stored. Tabs and line ends are text.
 */
const ALWAYS =
  /[[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]--[\t\n\r\p{Join_Control}\uFE0E-\uFE0F]]/v;

/** Scripts whose spelling needs joiners. */
const JOINING = [
  'Arab',
  'Beng',
  'Deva',
  'Gujr',
  'Guru',
  'Khmr',
  'Knda',
  'Mlym',
  'Mymr',
  'Orya',
  'Sinh',
  'Taml',
  'Telu',
]
  .map((script) => `\\p{scx=${script}}`)
  .join('');

/** What has a shape only with the character before it: joiners within the scripts that need them, and parts of emoji. */
const ALONE = new RegExp(
  [
    `(?<![${JOINING}])\\u200C`,
    `(?<![${JOINING}\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\uFE0F])\\u200D`,
    '(?<!\\p{Emoji})[\\uFE0E\\uFE0F]',
  ].join('|'),
  'v',
);

const HIDDEN = new RegExp(`${ALWAYS.source}|${ALONE.source}`, 'v');

export interface HiddenCharacter {
  readonly index: number;
  /** Such as `U+202E`. */
  readonly name: string;
}

/** The first character of a text that readers cannot see. */
export function hiddenCharacter(text: string): HiddenCharacter | undefined {
  const found = HIDDEN.exec(text);
  const code = found?.[0].codePointAt(0);
  if (found === null || code === undefined) return undefined;
  return { index: found.index, name: `U+${code.toString(16).toUpperCase().padStart(4, '0')}` };
}

/** A text that people write and others read. */
export function visibleText<S extends z.ZodType<string>>(schema: S) {
  return schema.superRefine((text, context) => addIssue(text, [], context));
}

/** The same for each text of a mapping. */
export function visibleTexts<S extends z.ZodType<Readonly<Record<string, string | null | undefined>>>>(
  schema: S,
) {
  return schema.superRefine((texts, context) => {
    for (const [key, text] of Object.entries(texts)) addIssue(text ?? '', [key], context);
  });
}

function addIssue(text: string, path: string[], context: Pick<z.RefinementCtx, 'addIssue'>): void {
  const hidden = hiddenCharacter(text);
  if (hidden === undefined) return;
  const message = `The text contains ${hidden.name}, which readers cannot see.`;
  context.addIssue({ code: 'custom', path, message });
}
