import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { canonicalQuery } from './canonical-query.ts';

/** What a set's template says about columns, whatever it renders to. */
export interface Mentions {
  /** Whether a source's column of this name may be read. */
  has(column: string): boolean;
}

/** Configs never change. */
const known = new WeakMap<FeatureSetConfig, Mentions>();

/**
 * The columns that the query can read on some date, told from the template's words, so that a column of a source that no
 * template names changes no definition. Every column counts where words do not tell: a star, NATURAL, PIVOT, names put
 * together from pieces. `featureQuery` refuses a query that reads another column all the same.
 */
export function mentionedColumns(set: FeatureSetConfig): Mentions {
  const found = known.get(set) ?? mentionsOf(set);
  known.set(set, found);
  return found;
}

function mentionsOf(set: FeatureSetConfig): Mentions {
  const { sql, macros } = canonicalQuery(set);
  const texts = [...macros, sql];
  if (texts.some((text) => readsUnnamed(text) || composesNames(text))) return { has: () => true };
  // A template may insert a param's text as a name.
  const text = [...texts, ...Object.values(set.params).map(String)].join('\n').toLowerCase();
  const words = new Set(text.match(/[\p{L}\p{N}_]+/gu));
  return {
    has(column) {
      const name = column.toLowerCase();
      return /^[\p{L}\p{N}_]+$/u.test(name) ? words.has(name) : text.includes(name.replaceAll('`', '``'));
    },
  };
}

/** Whether columns may be read without their names: not the star of COUNT(*), nor the one that multiplies. */
function readsUnnamed(text: string): boolean {
  if (/\b(natural|pivot|unpivot)\b/i.test(text)) return true;
  const stars = text.replaceAll(/\bcount\s*\(\s*\*\s*\)/gi, '').matchAll(/\*/g);
  return [...stars].some(({ index, input }) => {
    const before = input.slice(0, index).trimEnd();
    return !/[\p{L}\p{N}_)\]`'"]$|\}\}$/u.test(before) || /\b(select|distinct|all)$/i.test(before);
  });
}

const OUTPUT = '\uE000';
const TAG = '\uE001';

/** Whether the template may make a name of pieces, such as `{{ kind }}_amount`. */
function composesNames(template: string): boolean {
  const code = template.match(/\{[{%].*?[%}]\}/gs) ?? [];
  if (code.some((one) => /[~+]|\|\s*(join|format|replace)\b/.test(one))) return true;
  const text = template
    .replaceAll(/(\s*\{\{-|\{\{).*?(-\}\}\s*|\}\})/gs, OUTPUT)
    .replaceAll(/(\s*\{%-|\{%).*?(-%\}\s*|%\})/gs, TAG);
  return /[\p{L}\p{N}_`]\uE001*\uE000|\uE000\uE001*[\p{L}\p{N}_`\uE000]|[\p{L}\p{N}_`]\uE001+[\p{L}\p{N}_`]/u.test(
    text,
  );
}
