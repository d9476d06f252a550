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
  const sql = canonicalTemplate(sql_text);
  const macros = macro_texts.map(canonicalTemplate).filter((text) => text !== undefined);
  if (sql === undefined || macros.length < macro_texts.length) return { sql: sql_text, macros: macro_texts };
  return { sql, macros };
}
