import type { Catalogue } from './catalogue-entry.ts';

export const trainingErrors = {} as const satisfies Catalogue;
