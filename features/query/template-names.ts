import { didYouMean } from '#configs/did-you-mean.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { PlacedPiece } from './template-code.ts';
import { codeOf } from './template-tags.ts';

const NAMES = /(?<![\w.])(params|sources|features)\s*\.\s*([A-Za-z_]\w*)/g;
/** What asks whether a name is defined. */
const ASKS = /^\s*(is\s+(not\s+)?(un)?defined\b|\|\s*(default|d)\b)/;
/** Names that the platform gives the engine. */
const OWN = /(?<![\w.])millrace_\w+/;
const ESCAPING = /\|\s*(safe|escape|e)\b|^\{%[-+]?\s*autoescape\b/;

/**
 * Refuses names that the set does not declare, wherever they stand: the engine compares an undefined value with anything
 * as unequal, so that a misspelt param in a condition would choose a branch. Throws `TEMPLATE_INVALID`.
 */
export function refuseUndeclaredNames(pieces: readonly PlacedPiece[], set: FeatureSetConfig): void {
  for (const piece of pieces) {
    if (piece.kind === 'text' || /^\{#|^\{%[-+]?\s*raw\b/.test(piece.source)) continue;
    const code = codeOf(piece.source);
    for (const match of code.matchAll(NAMES)) {
      const [name, root = '', key = ''] = match;
      const behind = code.slice(match.index + name.length);
      if (!declared(set, root).includes(key) && !ASKS.test(behind))
        throw undefinedName(set, `${root}.${key}`, placeIn(piece, match.index));
    }
    const own = OWN.exec(code);
    if (own !== null) throw undefinedName(set, own[0], placeIn(piece, own.index));
    const escaping = ESCAPING.exec(code);
    if (escaping !== null)
      throw new MillraceError(
        'TEMPLATE_INVALID',
        `The template escapes text for HTML with "${(escaping[1] ?? 'autoescape').trim()}"; SQL needs no such filter.`,
        { where: placeIn(piece, escaping.index) },
      );
  }
}

export function undefinedName(set: FeatureSetConfig, name: string, where: string): MillraceError {
  const known = ['params', 'sources', 'features'].flatMap((root) =>
    declared(set, root).map((key) => `${root}.${key}`),
  );
  const meant = didYouMean(name, ['ds', ...known]);
  const suggestion = meant === undefined ? '' : ` Did you mean ${meant}?`;
  return new MillraceError(
    'TEMPLATE_INVALID',
    `The template uses ${name}, which is undefined.${suggestion}`,
    {
      where,
      details: { undefined: name, known: ['ds', ...known] },
    },
  );
}

function declared(set: FeatureSetConfig, root: string): readonly string[] {
  if (root === 'params') return Object.keys(set.params);
  return root === 'sources' ? set.sources : set.feature_sets;
}

function placeIn({ source, place }: PlacedPiece, index: number): string {
  return `${place.file}:${place.line + source.slice(0, index).split('\n').length - 1}`;
}
