/** Exit codes of the command line. Scripts depend on them, so a number never changes its meaning. */
export const EXIT = { ok: 0, failed: 1, badInput: 2, notAllowed: 3, notFound: 4, unreachable: 5 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The kind of failure, which decides the exit code. */
export type ExitClass = Exclude<keyof typeof EXIT, 'ok'>;
