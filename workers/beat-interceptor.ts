import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { TASK_QUEUES } from '#workflows/contract/ids.ts';

/** Must be shorter than half of the heartbeat timeout in `workflows/options.ts`. */
const BEAT_MS = 5000;

/**
 * Sends heartbeats for calls of our own stores, which report no progress themselves, so that they are retried within
 * seconds of a worker's death. Most calls finish before the first heartbeat.
 */
export const beatInterceptor: ActivityInterceptorsFactory = (context) => ({
  inbound: {
    async execute(input, next) {
      if (context.info.taskQueue !== TASK_QUEUES.lifecycle) return next(input);
      const timer = setInterval(() => context.heartbeat(context.info.heartbeatDetails), BEAT_MS);
      try {
        return await next(input);
      } finally {
        clearInterval(timer);
      }
    },
  },
});
