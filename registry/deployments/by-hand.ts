import { canonicalJson } from '#configs/canonical.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { Deployment } from './deployment.ts';
import type { Entities } from '../entities.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import type { PairState, ScheduledDeployment } from '../pair-state.ts';
import { readDeployment } from '../read-items.ts';

/** What a person says about the deployments that are scheduled already. */
export interface ByHand {
  /** A scheduled deployment to cancel in the same transaction. */
  readonly replaces?: number | undefined;
  /** Keep the other scheduled deployments, which go live at their own times. */
  readonly beside: boolean;
}

type Terms = Pick<Deployment, 'version' | 'scheduler' | 'schedule' | 'timezone' | 'go_live'>;

/**
 * The scheduled deployment that the request replaces, if it names one. Throws `DEPLOYMENT_NOT_SCHEDULED`, and
 * `DEPLOYMENT_ALREADY_SCHEDULED` when others are scheduled and the request does not say whether they count.
 */
export function replacedByHand(
  pair: Pair,
  { scheduled }: Pick<PairState, 'scheduled'>,
  { replaces, beside }: ByHand,
): ScheduledDeployment | undefined {
  const where = pairKey(pair);
  const replaced = scheduled.find((one) => one.deployment === replaces);
  if (replaces !== undefined && replaced === undefined)
    throw new MillraceError('DEPLOYMENT_NOT_SCHEDULED', `Deployment ${replaces} is not scheduled.`, {
      where,
      details: { deployment: replaces, scheduled },
    });
  const [first, ...others] = scheduled.filter((one) => one !== replaced);
  if (first === undefined || beside) return replaced;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  throw new MillraceError(
    'DEPLOYMENT_ALREADY_SCHEDULED',
    `Deployment ${first.deployment} of version ${first.version} is scheduled to go live at ${first.live_at}${more}.`,
    { where, details: { scheduled: [first, ...others] } },
  );
}

/**
 * The scheduled deployment of the same version on the same terms: the same request came twice. None while what the
 * request replaces is still scheduled, because then the request has not been carried out.
 */
export async function sameScheduled(
  entities: Entities,
  pair: Pair,
  { scheduled }: Pick<PairState, 'scheduled'>,
  { wanted, byHand }: { readonly wanted: Terms; readonly byHand: ByHand },
): Promise<Deployment | undefined> {
  if (scheduled.some(({ deployment }) => deployment === byHand.replaces)) return undefined;
  const ofVersion = scheduled.filter(({ version }) => version === wanted.version);
  const found = await Promise.all(
    ofVersion.map(({ deployment }) => readDeployment(entities, pair, deployment)),
  );
  return found.find((one) => termsText(one) === termsText(wanted));
}

function termsText({ scheduler, schedule, timezone, go_live }: Terms): string {
  return canonicalJson({ scheduler, schedule, timezone, go_live: go_live ?? null });
}
