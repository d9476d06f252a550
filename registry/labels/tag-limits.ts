import { MillraceError } from '#errors/millrace-error.ts';

export type Tags = Readonly<Record<string, string>>;

export const MOST_TAGS = 50;
/** Letters, digits and `_ . : / -`, so that a key can stand in a query. */
export const TAG_KEY = /^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}$/;
/** Bytes of UTF-8. */
export const LONGEST_TAG_VALUE = 1024;

/** Returns the tags, in a plain object without a prototype of the caller. Throws `TAGS_OVER_LIMIT`. */
export function checkTags(tags: Tags): Tags {
  const entries = Object.entries(tags);
  if (entries.length > MOST_TAGS)
    throw overLimit(`A version can have ${MOST_TAGS} tags, not ${entries.length}.`);
  for (const [key, value] of entries) {
    if (!TAG_KEY.test(key)) {
      const shown = key.length > 100 ? `${key.slice(0, 100)}…` : key;
      throw overLimit(`${JSON.stringify(shown)} is not the key of a tag.`);
    }
    const bytes = Buffer.byteLength(value);
    if (bytes > LONGEST_TAG_VALUE) {
      throw overLimit(`The value of the tag ${key} has ${bytes} bytes, more than ${LONGEST_TAG_VALUE}.`);
    }
  }
  return Object.fromEntries(entries);
}

function overLimit(what: string): MillraceError {
  return new MillraceError('TAGS_OVER_LIMIT', what, {
    details: { most_tags: MOST_TAGS, longest_key: 64, longest_value_bytes: LONGEST_TAG_VALUE },
  });
}
