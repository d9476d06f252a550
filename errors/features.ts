import type { Catalogue } from './catalogue-entry.ts';

export const featuresErrors = {} as const satisfies Catalogue;
