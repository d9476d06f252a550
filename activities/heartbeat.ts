import { Context } from '@temporalio/activity';

/** Shorter than half of any heartbeat time-out in `workflows/options.ts`. */
const BEAT_MS = 3000;

export interface Beat {
  /** Progress shown in the Temporal UI and handed to the next attempt. */
  readonly tell: (details: unknown) => void;
  /** Aborted on cancellation and on worker shutdown. */
  readonly signal: AbortSignal;
}

/** Runs long work under a steady heartbeat: it proves the worker alive and lets a cancellation in. */
export async function withHeartbeat<T>(work: (beat: Beat) => Promise<T>): Promise<T> {
  const context = Context.current();
  let details: unknown = context.info.heartbeatDetails;
  const timer = setInterval(() => context.heartbeat(details), BEAT_MS);
  const tell = (next: unknown): void => {
    details = next;
    context.heartbeat(details);
  };
  context.heartbeat(details);
  try {
    return await work({ tell, signal: context.cancellationSignal });
  } finally {
    clearInterval(timer);
  }
}

/** True when somebody cancelled the work, false when only this worker goes away and another will go on. */
export function cancelRequested(): boolean {
  return Context.current().cancellationDetails?.cancelRequested === true;
}
