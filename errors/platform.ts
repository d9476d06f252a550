import type { Catalogue } from './catalogue-entry.ts';

export const platformErrors = {} as const satisfies Catalogue;
