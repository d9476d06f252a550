import { Context } from '@temporalio/activity';

/** Must be shorter than half of any heartbeat timeout in `workflows/options.ts`. */
const BEAT_MS = 3000;

export interface Beat {
  /** Progress shown in the Temporal UI and passed to the next attempt. */
  readonly tell: (details: unknown) => void;
  /** Aborted on cancellation and on worker shutdown. */
  readonly signal: AbortSignal;
}

/** What each attempt has told, which its context does not give back. */
const told = new WeakMap<Context, unknown>();

/** The latest details of an activity: those of this attempt, or else of the one before. */
export function latestDetails(context: Context): unknown {
  return told.get(context) ?? context.info.heartbeatDetails;
}

/** Runs long work with regular heartbeats, which prove that the worker is alive and deliver cancellations. */
export async function withHeartbeat<T>(work: (beat: Beat) => Promise<T>): Promise<T> {
  const context = Context.current();
  let details: unknown = context.info.heartbeatDetails;
  const timer = setInterval(() => context.heartbeat(details), BEAT_MS);
  const tell = (next: unknown): void => {
    details = next;
    told.set(context, details);
    context.heartbeat(details);
  };
  context.heartbeat(details);
  try {
    return await work({ tell, signal: context.cancellationSignal });
  } finally {
    clearInterval(timer);
  }
}

/** True if the work was cancelled; false if only this worker is shutting down and another will continue. */
export function cancelRequested(): boolean {
  return Context.current().cancellationDetails?.cancelRequested === true;
}
