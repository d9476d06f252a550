import { canonicalJson } from '#configs/canonical.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { compareAndSet } from '#platform/table/compare-and-set.ts';
import type { TableHandle, TransactItem } from '#platform/table/table.ts';
import { extendChain, type EntryDraft } from './dossier/dossier.ts';
import { dueAttributes } from './due-at.ts';
import type { Entities, HeadState } from './entities.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import { momentOf, type Moment } from './moment.ts';
import type { PairState } from './pair-state.ts';
import { listingShard } from './shards.ts';
import { registryBusy } from './registry-busy.ts';
import { emptyState, readHead, stateOf, type HeadSource } from './read-state.ts';

/** The store that commits write to. */
export interface RegistryStore extends HeadSource {
  readonly table: TableHandle;
  /** The clock, read once in each round of a commit. */
  readonly now: () => Date;
  /** The note of the caller that is being served now, if it has one. */
  readonly note?: () => CommitNote | undefined;
}

/** Items that a caller wants committed together with the change that it asks for: with it, or not at all. */
export interface CommitNote {
  readonly items: () => readonly TransactItem[];
  /** Called once the items are stored. */
  readonly committed: () => void;
}

export interface Command {
  readonly pair: Pair;
  readonly kind: string;
  /** Unique within its kind. A repeated id returns the first result, without a time limit. */
  readonly commandId: string;
  /** The command's input as plain JSON, without its timestamp. */
  readonly subject: Readonly<Record<string, unknown>>;
}

/** The changes that a command makes, decided from the state it read. */
export interface Change<R> {
  /** Changes to the head. */
  readonly head: Partial<HeadFacts>;
  readonly entries: readonly EntryDraft[];
  /** When the live version changes, if it does: the `boundary` of the round, or later. */
  readonly boundary?: string;
  /** Further items of the same transaction, each with its own condition. */
  readonly items: readonly TransactItem[];
  readonly result: R;
}

/** The head without its dossier, which only the commit itself extends. */
export type HeadFacts = Omit<HeadState, 'dossier'>;

/** The result of a command whose work is already done; nothing is written. */
export interface NoChange<R> {
  readonly unchanged: R;
}

/** Shorter than the one minute that an activity or a request may take. */
const DEADLINE_MS = 45_000;

/**
 * The only way to write to a pair: reads its head, decides, and writes everything in one transaction that fails if
 * another writer committed in the meantime. Throws `REGISTRY_BUSY` when it loses every round until the deadline.
 *
 * @param change is called once per round with the state and the time of the round; if it throws, nothing is written.
 */
export async function commitToPair<R>(
  store: RegistryStore,
  command: Command,
  change: (state: PairState, moment: Moment) => Promise<Change<R> | NoChange<R>>,
): Promise<R> {
  const note = store.note?.();
  let changed = false;
  let overtaken = 0;
  let wantedBoundary: string | undefined;
  const result = await compareAndSet<R>(store.table, {
    deadlineMs: DEADLINE_MS,
    busy: (rounds) => registryBusy(command.pair, rounds),
    lost: (reasons) => refuseContradiction(command.pair, reasons),
    decide: async () => {
      changed = false;
      const [head, earlier] = await Promise.all([
        readHead(store, command.pair),
        readCommand(store.entities, command),
      ]);
      if (earlier !== undefined) return { settled: earlier.result as R };
      const state = head === undefined ? emptyState(command.pair) : stateOf(store, head);
      const answered_until = head?.answered_until;
      if (wantedBoundary !== undefined && (answered_until ?? '') >= wantedBoundary) overtaken += 1;
      const moment = momentOf(store.now(), { last_boundary: state.last_boundary, answered_until }, overtaken);
      const wanted = await change(state, moment).catch((refusal: unknown) => ({ refusal }));
      if ('refusal' in wanted || 'unchanged' in wanted) {
        // The same command, sent twice, may have just committed; then its result is the answer, not this refusal or
        // no-op.
        const own = await readCommand(store.entities, command);
        if (own !== undefined) return { settled: own.result as R };
        if ('refusal' in wanted) throw wanted.refusal;
        return { settled: wanted.unchanged };
      }
      wantedBoundary = wanted.boundary;
      changed = true;
      const items = itemsOf(store.entities, command, state, wanted);
      return { write: [...items, ...(note?.items() ?? [])], result: wanted.result };
    },
  });
  if (changed) note?.committed();
  return result;
}

async function readCommand(
  entities: Entities,
  { pair, kind, commandId, subject }: Command,
): Promise<{ readonly result: unknown } | undefined> {
  const { data } = await entities.command
    .get({ ...pair, kind, command_id: commandId })
    .go({ consistent: true });
  if (data === null) return undefined;
  if (data.subject !== canonicalJson(subject)) {
    throw new MillraceError('COMMAND_ID_REUSED', `${kind} command ${commandId} was about ${data.subject}.`, {
      where: pairKey(pair),
      details: { command_id: commandId },
    });
  }
  return { result: data.result };
}

function itemsOf<R>(
  entities: Entities,
  { pair, kind, commandId, subject }: Command,
  before: PairState,
  change: Change<R>,
): readonly TransactItem[] {
  const { boundary } = change;
  const { entries, end } = extendChain(pair, commandId, before.dossier, change.entries);
  const seq = before.seq + 1;
  const after: PairState = { ...before, ...change.head, dossier: { ...before.dossier, ...end } };
  const facts = { seq, state: headState(after) };
  const due = dueAttributes(after);
  const head: TransactItem =
    before.seq === 0
      ? {
          Put: entities.head
            .create({ ...pair, ...facts, listing_shard: listingShard(pair), ...due.set })
            .params<Put>(),
        }
      : {
          Update: entities.head
            .patch(pair)
            .set({ ...facts, ...due.set })
            .remove(due.remove)
            .where((item, is) => {
              const unchanged = is.eq(item.seq, before.seq);
              if (boundary === undefined) return unchanged;
              const unanswered = `(${is.notExists(item.answered_until)} OR ${is.lt(item.answered_until, boundary)})`;
              return `${unchanged} AND ${unanswered}`;
            })
            .params<Update>(),
        };
  const done = entities.command
    .create({
      ...pair,
      kind,
      command_id: commandId,
      subject: canonicalJson(subject),
      ...(change.result === undefined ? {} : { result: change.result }),
    })
    .params<Put>();
  return [
    head,
    { Put: done },
    ...entries.map(({ text, digest }, index) => ({
      Put: entities.entry
        .create({ ...pair, entry: before.dossier.count + index + 1, text, digest })
        .params<Put>(),
    })),
    ...change.items,
  ];
}

export type Put = NonNullable<TransactItem['Put']>;
export type Update = NonNullable<TransactItem['Update']>;
export type Delete = NonNullable<TransactItem['Delete']>;

function headState({ dossier, attempts: _attempts, ...state }: PairState): HeadState {
  const { model: _model, feature_set: _set, seq: _seq, ...facts } = state;
  return { ...facts, dossier: { count: dossier.count, digest: dossier.digest } };
}

/**
 * Only the head and the command can lose a race, and the head guards every other item. If another item's condition
 * fails alone, the stored data is inconsistent and a retry would not help.
 */
function refuseContradiction(pair: Pair, reasons: readonly string[]): void {
  const [head, command, ...others] = reasons;
  if (head !== 'None' || command !== 'None') return;
  if (!others.includes('ConditionalCheckFailed')) return;
  throw new MillraceError(
    'REGISTRY_CONTRADICTS_ITSELF',
    `Items of ${pairKey(pair)} do not agree with its head.`,
    {
      where: pairKey(pair),
      details: { reasons },
    },
  );
}
