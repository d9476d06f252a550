import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { toFailure } from '#activities/failure.ts';

/** Turns every error of an activity into a catalogue failure. */
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
