import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { toFailure } from '#activities/failure.ts';
import { finalWhenTooMany } from '#activities/unexplained.ts';

/** Turns every error of an activity into a catalogue failure, final if it has come too often. */
export const failureInterceptor: ActivityInterceptorsFactory = (context) => ({
  inbound: {
    async execute(input, next) {
      try {
        return await next(input);
      } catch (error) {
        throw finalWhenTooMany(context, toFailure(error));
      }
    },
  },
});
