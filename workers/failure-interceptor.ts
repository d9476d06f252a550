import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { toFailure } from '#activities/failure.ts';

/** Every error leaves an activity as a catalogue failure, whoever threw it. */
export const failureInterceptor: ActivityInterceptorsFactory = () => ({
  inbound: {
    async execute(input, next) {
      try {
        return await next(input);
      } catch (error) {
        throw toFailure(error);
      }
    },
  },
});
