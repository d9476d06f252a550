import type { Catalogue } from './catalogue-entry.ts';

export const workflowsErrors = {} as const satisfies Catalogue;
