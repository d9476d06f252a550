import { MillraceError } from '#errors/millrace-error.ts';
import { pairKey } from '#configs/pair.ts';
import type { PairState } from '../pair-state.ts';

/** The error for a pair without a live version; it names the deployments that are scheduled, with their go-live times. */
export function noLiveVersion(
  state: PairState,
  what = `No version of ${pairKey(state)} is live.`,
): MillraceError {
  const [next] = state.scheduled;
  const soon =
    next === undefined
      ? ''
      : ` Deployment ${next.deployment} of version ${next.version} goes live at ${next.live_at}.`;
  return new MillraceError('NO_LIVE_VERSION', `${what}${soon}`, {
    where: pairKey(state),
    details: { scheduled: state.scheduled },
  });
}
