import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { canonicalTemplate } from './canonical-template.ts';

/** What a query says, without comments and layout, which cannot change a row. */
export interface CanonicalQuery {
  /** Of the template and not of one rendering, because a template can render to other SQL on other dates. */
  readonly sql: string;
  readonly macros: readonly string[];
}

/** If one of the files has to stay as it is written, all do: what it renders to may open a quote that another one closes. */
export function canonicalQuery({ sql_text, macro_texts }: FeatureSetConfig): CanonicalQuery {
  const texts = [sql_text, ...macro_texts];
  if (texts.some(readsOutput)) return { sql: sql_text, macros: macro_texts };
  const sql = canonicalTemplate(sql_text);
  const macros = macro_texts.map(canonicalTemplate).filter((text) => text !== undefined);
  if (sql === undefined || macros.length < macro_texts.length) return { sql: sql_text, macros: macro_texts };
  return { sql, macros };
}

const BLOCK = /\{%[-+]?\s*(?:filter\b|call\b|set\s+[\w\s,]+[-+]?%\})/;
const MACRO = /\{%[-+]?\s*macro\b/;
/** An insertion of what one macro gives: all that can be done with a macro without looking at its layout. */
const PLAIN_CALL = /^\{\{[-+]?\s*\w+\s*\([^()|]*\)\s*[-+]?\}\}$/;

/**
 * Whether a template may look at a text that it makes itself, in which layout and comments count: the text of a block, or
 * that of a macro.
 */
function readsOutput(template: string, _: number, texts: readonly string[]): boolean {
  if (BLOCK.test(template)) return true;
  if (!texts.some((text) => MACRO.test(text))) return false;
  const code = template.match(/\{[{%].*?[%}]\}/gs) ?? [];
  return code.some((one) => /[(|]/.test(one) && !MACRO.test(one) && !PLAIN_CALL.test(one));
}
