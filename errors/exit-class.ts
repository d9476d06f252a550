/** Exit codes of the command line. Scripts depend on them, so a number never changes its meaning. */
export const EXIT = { ok: 0, failed: 1, badInput: 2, notAllowed: 3, notFound: 4, unreachable: 5 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What an error says about a command that ends with it. */
export type ExitClass = Exclude<keyof typeof EXIT, 'ok'>;
