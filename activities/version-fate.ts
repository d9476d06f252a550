import type { Pair } from '#configs/pair.ts';
import { orderLane } from '#registry/reconcile.ts';
import type { Registry } from '#registry/registry.ts';
import type { VersionStage } from '#registry/versions/stage.ts';
import type { Fate } from '#workflows/contract/messages.ts';

type Reads = Pick<Registry, 'deployment' | 'outcome' | 'stage' | 'state'>;

/** What has become of a version that is to be deployed once it is approved. Throws `VERSION_NOT_FOUND`, `VERSION_DELETED`. */
export async function fateOf(registry: Reads, pair: Pair, version: number): Promise<Fate> {
  for (;;) {
    const known = await registry.stage(pair, version);
    const settled = await endOf(registry, pair, known);
    if (settled !== undefined) return settled;
    if (known.stage === 'registered') return { at: 'waiting' };
    const details = await deploying(registry, pair, version);
    if (details !== undefined) return { at: 'deploying', details };
    const again = await registry.stage(pair, version);
    // Unchanged, so it was approved, and not to be deployed, when the pair was read.
    if (again.stage === known.stage && again.since === known.since)
      return end(known, { verdict: 'approve', ended_as: 'cancelled' });
  }
}

type End = Extract<Fate, { readonly at: 'end' }>;

function end(
  { version }: VersionStage,
  how: Pick<End, 'verdict' | 'ended_as'> & Partial<Pick<End, 'deployment' | 'live_from' | 'replaced'>>,
): End {
  return { at: 'end', version, deployment: null, live_from: null, replaced: null, ...how };
}

async function endOf(registry: Reads, pair: Pair, known: VersionStage): Promise<End | undefined> {
  const { stage, lives } = known;
  if (stage === 'rejected') return end(known, { verdict: 'reject', ended_as: stage });
  if (lives !== undefined) {
    const found = await registry.deployment(pair, lives.last.deployment);
    const { deployment, status, live_from, replaced } = await registry.outcome(found);
    return end(known, { verdict: 'approve', ended_as: status, deployment, live_from, replaced });
  }
  if (stage === 'withdrawn') return end(known, { verdict: 'withdraw', ended_as: stage });
  // Approved, and taken out before it was deployed.
  if (stage === 'archived') return end(known, { verdict: 'archive', ended_as: stage });
  return undefined;
}

async function deploying(registry: Reads, pair: Pair, version: number): Promise<string | undefined> {
  const { scheduled, to_deploy, attempts } = await registry.state(pair);
  const next = scheduled.find((one) => one.version === version);
  if (next !== undefined) return `Deployment ${next.deployment} goes live at ${next.live_at}.`;
  if (!to_deploy.some((one) => one.version === version)) return undefined;
  const error = attempts[orderLane(version)]?.error;
  return error === undefined
    ? 'It is about to be deployed.'
    : `It cannot be deployed yet: ${error.code}: ${error.message}`;
}
