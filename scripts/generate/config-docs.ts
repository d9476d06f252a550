import { configReference } from '#configs/reference/config-reference.ts';

const MARK = '<!-- generated: the reference of all keys -->';

/** docs/configs.md with the reference of all keys after its mark. */
export function withConfigReference(page: string): string {
  const [before, after] = page.split(MARK);
  if (before === undefined || after === undefined) throw new Error(`The page has no ${MARK}.`);
  return `${before}${MARK}\n\n${configReference()}`;
}
