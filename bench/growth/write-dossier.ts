import type { Pair } from '#configs/pair.ts';
import type { TableHandle } from '#platform/table/table.ts';
import { EMPTY_CHAIN, extendChain } from '#registry/dossier/dossier.ts';
import { DUE_NOW } from '#registry/due-at.ts';
import { createEntities } from '#registry/entities.ts';
import { emptyState } from '#registry/read-state.ts';
import { dueShard, listingShard } from '#registry/shards.ts';
import { putAll, type Put } from './put-all.ts';

/** Writes a chain and its head directly; as commits it would take an hour. */
export async function writeDossier(table: TableHandle, pair: Pair, count: number): Promise<void> {
  const entities = createEntities(table);
  const drafts = Array.from({ length: count }, (_, index) => ({
    kind: 'version_registered' as const,
    at: '2026-01-01T00:00:00.000Z',
    principal: 'ada',
    facts: {
      version: index + 1,
      evidence: 'e'.repeat(64),
      card_sha256: 'c'.repeat(64),
      reason: 'r'.repeat(200),
    },
  }));
  const { entries, end } = extendChain(pair, 'bench', EMPTY_CHAIN, drafts);
  await putAll(
    table,
    entries.map(({ text, digest }, index) =>
      entities.entry.put({ ...pair, entry: index + 1, text, digest }).params<Put>(),
    ),
  );
  const { model: _model, feature_set: _set, seq: _seq, dossier: _dossier, ...state } = emptyState(pair);
  await entities.head
    .create({
      ...pair,
      seq: 1,
      state: { ...state, dossier: end },
      listing_shard: listingShard(pair),
      due_at: DUE_NOW,
      due_shard: dueShard(pair),
    })
    .go();
}
