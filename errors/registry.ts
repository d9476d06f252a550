import type { Catalogue } from './catalogue-entry.ts';

export const registryErrors = {} as const satisfies Catalogue;
