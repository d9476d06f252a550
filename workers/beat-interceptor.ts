import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { TASK_QUEUES } from '#workflows/contract/ids.ts';

/** Shorter than half of the heartbeat time-out in `workflows/options.ts`. */
const BEAT_MS = 5000;

/**
 * Calls of our own stores have no progress to tell. That their worker lives is told for them, so that after its death they
 * are tried again in seconds; most are done before the first beat.
 */
export const beatInterceptor: ActivityInterceptorsFactory = (context) => ({
  inbound: {
    async execute(input, next) {
      if (context.info.taskQueue !== TASK_QUEUES.lifecycle) return next(input);
      const timer = setInterval(() => context.heartbeat(), BEAT_MS);
      try {
        return await next(input);
      } finally {
        clearInterval(timer);
      }
    },
  },
});
