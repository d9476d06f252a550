import type { Catalogue } from './catalogue-entry.ts';

export const scoringErrors = {} as const satisfies Catalogue;
