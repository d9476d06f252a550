import { canonicalJson } from '#configs/canonical.ts';
import { commitToPair, type RegistryStore } from '../commit-to-pair.ts';
import type { Pair } from '#configs/pair.ts';
import type { EmittedSpec } from '../pair-state.ts';

export interface RecordSpec {
  readonly pair: Pair;
  /** The spec that was emitted; null once it was removed. Recorded afterwards. */
  readonly emitted: EmittedSpec | null;
  readonly commandId: string;
}

/**
 * Records which schedule or DAG spec exists outside the registry. `recorded: false`: the registry already held this.
 */
export async function recordSpec(
  store: RegistryStore,
  { pair, emitted, commandId }: RecordSpec,
): Promise<{ readonly recorded: boolean }> {
  const subject = { digest: emitted?.digest ?? null };
  return commitToPair<{ readonly recorded: boolean }>(
    store,
    { pair, kind: 'record_spec', commandId, subject },
    async (state, { at }) => {
      if (canonicalJson(state.emitted) === canonicalJson(emitted)) return { unchanged: { recorded: false } };
      return {
        head: { emitted, spec_lost_at: null },
        entries: [
          {
            kind: emitted === null ? 'spec_removed' : 'spec_emitted',
            at,
            principal: 'reconciler',
            facts: { ...(emitted ?? state.emitted) },
          },
        ],
        items: [],
        result: { recorded: true },
      };
    },
  );
}
