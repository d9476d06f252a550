import { commitToPair, type RegistryStore } from '../commit-to-pair.ts';
import type { Pair } from '#configs/pair.ts';

export interface NoteArchived {
  readonly pair: Pair;
  readonly deployment: number;
  /** Facts gathered while archiving, with digests, such as the last scores. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly commandId: string;
}

/**
 * Writes the last dossier entry of a deployment that is no longer live. `noted: false`: it was already noted, or it
 * never ended.
 */
export async function noteArchived(
  store: RegistryStore,
  { pair, deployment, facts = {}, commandId }: NoteArchived,
): Promise<{ readonly noted: boolean }> {
  const subject = { deployment };
  return commitToPair<{ readonly noted: boolean }>(
    store,
    { pair, kind: 'note_archived', commandId, subject },
    async (state, { at }) => {
      const ended = state.ended.find((one) => one.deployment === deployment);
      if (ended === undefined) return { unchanged: { noted: false } };
      return {
        head: { ended: state.ended.filter((one) => one.deployment !== deployment) },
        entries: [{ kind: 'archive_finished', at, principal: 'reconciler', facts: { ...facts, ...ended } }],
        items: [],
        result: { noted: true },
      };
    },
  );
}
