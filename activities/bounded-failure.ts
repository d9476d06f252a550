import { ApplicationFailure } from '@temporalio/common';

/**
 * Bytes of the parts of a failure. Every failure stands in a history, and once more in that of each parent, and nothing above
 * 64 KB belongs there: SQL, log tails, answers of a store and stacks have no limit of their own.
 */
const MOST = { message: 8_000, details: 8_000, stack: 2_000, cause: 1_000, type: 200 } as const;
const MOST_CAUSES = 3;

/** The failure itself if it is small; else a copy of at most 32 KB with the same type, which says what was left out. */
export function boundedFailure(failure: ApplicationFailure): ApplicationFailure {
  const chain = chainOf(failure);
  if (chain.length <= MOST_CAUSES + 1 && chain.every(isSmall)) return failure;
  const causes = chain.slice(1, MOST_CAUSES + 1);
  const cause = causes.reduceRight<Error | undefined>(
    (inner, one) => copyOf(one, MOST.cause, inner),
    undefined,
  );
  const copy = copyOf(failure, MOST.message, cause);
  return copy instanceof ApplicationFailure ? copy : failure;
}

/** At most as many bytes of UTF-8, and an ellipsis where it was longer; whole characters. */
export function cutText(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const cut = Buffer.from(text).subarray(0, bytes).toString();
  return `${cut.replace(/\uFFFD+$/, '')}…`;
}

/** The failure and its causes, outermost first; a chain may be circular, and end in something else than an error. */
function chainOf(failure: Error): readonly unknown[] {
  const chain: unknown[] = [];
  let cause: unknown = failure;
  while (cause !== undefined && cause !== null && chain.length <= MOST_CAUSES + 1) {
    chain.push(cause);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return chain;
}

function isSmall(error: unknown, depth: number): boolean {
  if (!(error instanceof Error)) return false;
  const outermost = depth === 0;
  return (
    Buffer.byteLength(error.message) <= (outermost ? MOST.message : MOST.cause) &&
    Buffer.byteLength(error.name) <= MOST.type &&
    Buffer.byteLength(error.stack ?? '') <= MOST.stack &&
    (!(error instanceof ApplicationFailure) ||
      (Buffer.byteLength(error.type ?? '') <= MOST.type &&
        jsonBytes(error.details ?? []) <= (outermost ? MOST.details : MOST.cause)))
  );
}

function copyOf(from: unknown, bytes: number, cause: Error | undefined): Error {
  if (!(from instanceof Error)) return copyOf(new Error(String(from)), bytes, cause);
  const message = cutText(from.message, bytes);
  const copy =
    from instanceof ApplicationFailure
      ? applicationFailure(from, message, bytes, cause)
      : Object.assign(new Error(message, { cause }), { name: cutText(from.name, MOST.type) });
  copy.stack = cutText([copy.name, ...framesOf(from)].join('\n'), MOST.stack);
  return copy;
}

function applicationFailure(
  { type, nonRetryable, nextRetryDelay, category, details }: ApplicationFailure,
  message: string,
  bytes: number,
  cause: Error | undefined,
): ApplicationFailure {
  return ApplicationFailure.create({
    message,
    type: cutText(type ?? 'INTERNAL', MOST.type),
    nonRetryable: nonRetryable ?? false,
    details: boundedDetails(details ?? [], bytes),
    ...(nextRetryDelay == null ? {} : { nextRetryDelay }),
    ...(category == null ? {} : { category }),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Without the message, which a stack repeats. */
function framesOf({ stack = '' }: Error): readonly string[] {
  return stack.split('\n').filter((line) => /^\s+at /.test(line));
}

/** What fits of the facts, which are one object; long lists are shortened. `left_out` names the rest. */
function boundedDetails(details: unknown[], bytes: number): unknown[] {
  if (jsonBytes(details) <= bytes) return details;
  const [facts] = details;
  const kept: Record<string, unknown> = {};
  const leftOut: string[] = [];
  let room = bytes / 2;
  for (const [name, value] of Object.entries(typeof facts === 'object' ? (facts ?? {}) : {})) {
    const short = shortened(name, value, room);
    if (short !== value) leftOut.push(name);
    if (short === undefined) continue;
    kept[name] = short;
    room -= jsonBytes({ [name]: short });
  }
  // JSON writes a character of these names as six bytes at worst.
  return [{ ...kept, left_out: cutText(leftOut.join(', '), bytes / 16) }];
}

/** The value, or as many first items of a list, as have room; undefined if it has none. */
function shortened(name: string, value: unknown, room: number): unknown {
  let short: unknown = value;
  while (jsonBytes({ [name]: short }) > room) {
    if (!Array.isArray(short) || short.length < 2) return undefined;
    short = short.slice(0, short.length / 2);
  }
  return short;
}

/** Infinite for what JSON cannot hold, such as a circular object. */
function jsonBytes(value: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(value) ?? '');
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
