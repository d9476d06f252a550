/** A try of a reconciler's step that is not, or not yet, reflected in the state of the pair. Plain JSON. */
export interface Attempt {
  /** What the step was about. A step with another subject is tried at once. */
  readonly subject: string;
  /** UTC instant of the first of these tries. */
  readonly since: string;
  /** How often it was tried in a row. */
  readonly tries: number;
  /** UTC instant before which it is not tried again. */
  readonly next_try: string;
  /** Why the last try failed. Absent: it succeeded, and its effect is still to come. */
  readonly error?: AttemptError;
}

export interface AttemptError {
  readonly code: string;
  readonly message: string;
}

/** The latest attempt of each lane; the steps of one lane are taken one after the other. */
export type Attempts = Readonly<Record<string, Attempt>>;

export interface Tried {
  readonly lane: string;
  readonly subject: string;
  /** UTC instant at which the try ended. */
  readonly at: string;
  readonly error?: AttemptError;
}

const FIRST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 10 * 60_000;
const LONGEST_MESSAGE = 500;

/** Waits between failing tries double from one minute to ten. What succeeded is looked at again after ten. */
export function nextAttempt(before: Attempt | undefined, { subject, at, error }: Tried): Attempt {
  const again = before?.subject === subject && (before.error === undefined) === (error === undefined);
  const tries = again ? before.tries + 1 : 1;
  const wait =
    error === undefined ? LONGEST_WAIT_MS : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
  return {
    subject,
    since: again ? before.since : at,
    tries,
    next_try: new Date(Date.parse(at) + wait).toISOString(),
    ...(error === undefined
      ? {}
      : { error: { code: error.code, message: error.message.slice(0, LONGEST_MESSAGE) } }),
  };
}

/** A step of a pair's reconciler that fails. */
export interface FailingStep extends AttemptError, Pick<Attempt, 'since' | 'tries' | 'next_try'> {
  readonly step: string;
}

/** By lane. */
export function failingSteps(attempts: Attempts): readonly FailingStep[] {
  return Object.entries(attempts).flatMap(([step, { since, tries, next_try, error }]) =>
    error === undefined ? [] : [{ step, since, tries, next_try, ...error }],
  );
}
