import type { Pair } from '#configs/pair.ts';
import type { TableHandle } from '#platform/table/table.ts';
import { DUE_NOW } from '#registry/due-at.ts';
import { createEntities, type HeadState } from '#registry/entities.ts';
import type { LiveStart, Stage } from '#registry/versions/stage.ts';
import { emptyState } from '#registry/read-state.ts';
import { dueShard, listingShard } from '#registry/shards.ts';
import { putAll, type Put } from './put-all.ts';

const TERMS = { scheduler: 'airflow', schedule: '0 5 * * *', timezone: 'Europe/London' } as const;
const START = Date.parse('2020-01-01T00:00:00.000Z');

/** When a deployment of the pair went live: one each hour. */
export function liveFrom(deployment: number): string {
  return new Date(START + deployment * 3_600_000).toISOString();
}

/** Versions 1 and 2 take turns. */
function versionOf(deployment: number): number {
  return 2 - (deployment % 2);
}

/** Writes a pair that was deployed `count` times, an even number, as `count` promotions would leave it. */
export async function writeDeployments(table: TableHandle, pair: Pair, count: number): Promise<void> {
  const entities = createEntities(table);
  const puts: Put[] = [];
  for (let deployment = 1; deployment <= count; deployment += 1) {
    const version = versionOf(deployment);
    const live_from = liveFrom(deployment);
    const end =
      deployment === count ? {} : ({ live_until: liveFrom(deployment + 1), ended_by: 'replaced' } as const);
    const status = deployment === count ? 'live' : 'ended';
    const request = { live_at: live_from, requested_by: 'oper', created_at: live_from };
    const terms = { ...TERMS, ...request, version };
    puts.push(
      entities.deployment.put({ ...pair, deployment, status, live_from, ...end, terms }).params<Put>(),
      entities.interval.put({ ...pair, deployment, version, live_from, ...end }).params<Put>(),
    );
  }
  const replaced = { deployment: count - 1, live_from: liveFrom(count - 1) };
  const live = { deployment: count, live_from: liveFrom(count) };
  puts.push(
    entities.fallback
      .put({ ...pair, live_from: replaced.live_from, version: versionOf(count - 1) })
      .params<Put>(),
    stagePut('archived', versionOf(count - 1), replaced),
    stagePut('live', versionOf(count), live),
  );
  await putAll(table, puts);
  const { model: _model, feature_set: _set, seq: _seq, ...state } = emptyState(pair);
  const head: HeadState = {
    ...state,
    dossier: { count: 0, digest: state.dossier.digest },
    live: { ...live, ...TERMS, version: versionOf(count) },
    last_version: 2,
    last_deployment: count,
    last_boundary: live.live_from,
    first_live_at: liveFrom(1),
  };
  const due = { due_at: DUE_NOW, due_shard: dueShard(pair) };
  await entities.head
    .create({ ...pair, seq: 1, state: head, listing_shard: listingShard(pair), ...due })
    .go();

  function stagePut(stage: Stage, version: number, last: LiveStart): Put {
    const first = { deployment: version, live_from: liveFrom(version) };
    return entities.stage
      .put({
        ...pair,
        version,
        stage,
        since: last.live_from,
        listing_shard: listingShard(pair),
        judgements: [],
        lives: { first, last },
        was_approved: true,
      })
      .params<Put>();
  }
}
