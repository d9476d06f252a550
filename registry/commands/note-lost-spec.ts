import { canonicalJson } from '#configs/canonical.ts';
import type { Pair } from '#configs/pair.ts';
import { commitToPair, type RegistryStore } from '../commit-to-pair.ts';
import type { EmittedSpec } from '../pair-state.ts';

export interface NoteLostSpec {
  readonly pair: Pair;
  /** What the check compared with; if something else was emitted since, nothing is noted. */
  readonly expected: EmittedSpec;
  /** What was found. */
  readonly problems: readonly string[];
  /** Days may have been missed. False: only what comes next would be wrong. */
  readonly lost: boolean;
  readonly commandId: string;
}

/** Records that the schedule or DAG spec of a pair is not what was emitted, or should be another one, so that the reconciler emits it again. */
export async function noteLostSpec(
  store: RegistryStore,
  { pair, expected, problems, lost, commandId }: NoteLostSpec,
): Promise<{ readonly noted: boolean }> {
  const command = { pair, kind: 'note_lost_spec', commandId, subject: { digest: expected.digest } };
  return commitToPair<{ readonly noted: boolean }>(store, command, async (state, { at }) => {
    if (canonicalJson(state.emitted) !== canonicalJson(expected)) return { unchanged: { noted: false } };
    return {
      head: { emitted: null, ...(lost ? { spec_lost_at: at } : {}) },
      entries: lost ? [{ kind: 'spec_lost', at, principal: 'reconciler', facts: { problems } }] : [],
      items: [],
      result: { noted: true },
    };
  });
}
