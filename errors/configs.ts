import type { Catalogue } from './catalogue-entry.ts';

/** Errors in what people write: YAML, SQL, and the plan that would apply them. */
export const configErrors = {
  CONFIG_INVALID: {
    status: 422,
    meaning: 'A config file does not follow its schema.',
    remedy: 'Correct each place listed; `millrace validate <dir>` lists them all.',
  },
} as const satisfies Catalogue;
