import type { Catalogue } from './catalogue-entry.ts';

export const apiErrors = {} as const satisfies Catalogue;
