import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { Pair } from '#configs/pair.ts';
import type { TableHandle } from '#platform/table/table.ts';
import { archiveVersion, type ArchiveVersion } from './commands/archive-version.ts';
import { cancelDeployment, type CancelDeployment } from './commands/cancel-deployment.ts';
import { deployApproved, type DeployApproved } from './commands/deploy-approved.ts';
import { deleteVersion, type DeleteVersion } from './commands/delete-version.ts';
import { judgeVersion, type JudgeVersion } from './commands/judge-version.ts';
import { noteLostSpec, type NoteLostSpec } from './commands/note-lost-spec.ts';
import { noteArchived, type NoteArchived } from './commands/note-archived.ts';
import {
  orderDeployment,
  withdrawOrder,
  type OrderDeployment,
  type WithdrawOrder,
} from './commands/order-deployment.ts';
import { promoteDeployment, type PromoteDeployment } from './commands/promote-deployment.ts';
import { recordSpec, type RecordSpec } from './commands/record-spec.ts';
import { removeAlias, type RemoveAlias } from './commands/remove-alias.ts';
import { registerVersion, type RegisterVersion } from './commands/register-version.ts';
import { rollBack, type RollBack } from './commands/roll-back.ts';
import { reviseCard, type ReviseCard } from './commands/revise-card.ts';
import { scheduleDeployment, type ScheduleDeployment } from './commands/schedule-deployment.ts';
import { setAlias, type SetAlias } from './commands/set-alias.ts';
import { withdrawVersion, type WithdrawVersion } from './commands/withdraw-version.ts';
import type { CommitNote, RegistryStore } from './commit-to-pair.ts';
import { createLabelReads } from './labels/label-reads.ts';
import { changeTags, type ChangeTags } from './labels/tags.ts';
import { dossierCopies } from './dossier/dossier-copies.ts';
import type { DossierListener } from './dossier/dossier-listener.ts';
import { createEntities } from './entities.ts';
import { forgetAttempts, noteAttempt, type NoteAttempt } from './note-attempts.ts';
import { createOutbox } from './dossier/outbox.ts';
import { entriesByNumber } from './dossier/read-entries.ts';
import { createVerification } from './dossier/verification.ts';
import { createReads } from './reads.ts';
import { createSearch } from './search/search.ts';

export type Registry = ReturnType<typeof createRegistry>;

export interface RegistryOptions {
  /** Further listeners beside the object store; only a process that delivers dossiers needs them. */
  readonly listeners?: readonly DossierListener[];
  /** Clock of the commits; default: the clock of the machine. */
  readonly now?: () => Date;
  /** The note of the caller that is being served now; default: there is none. */
  readonly note?: () => CommitNote | undefined;
}

/**
 * The platform's record of versions, stages, deployments and dossiers of every pair. Each command is one transaction
 * and idempotent: repeating its command id returns the first result.
 */
export function createRegistry(table: TableHandle, objects: ObjectStore, options: RegistryOptions = {}) {
  const { now = () => new Date(), note = () => undefined } = options;
  const entities = createEntities(table);
  const copies = dossierCopies(objects, (pair, range) => entriesByNumber(entities, pair, range));
  const listeners = [copies, ...(options.listeners ?? [])];
  const names = listeners.map(({ name }) => name);
  // They would share one mark, so that one of them could miss entries.
  if (new Set(names).size < names.length) throw new TypeError('Two dossier listeners have the same name.');
  const store: RegistryStore = { table, entities, listeners: names, now, note };
  const reads = createReads(store);
  return {
    ...reads,
    ...createLabelReads(store, reads),
    ...createOutbox(store, listeners),
    ...createVerification(store, objects),
    search: createSearch(table, entities, reads.version),
    registerVersion: (input: RegisterVersion) => registerVersion(store, objects, input),
    reviseCard: (input: ReviseCard) => reviseCard(store, objects, input),
    judge: (input: JudgeVersion) => judgeVersion(store, input),
    orderDeployment: (input: OrderDeployment) => orderDeployment(store, input),
    withdrawOrder: (input: WithdrawOrder) => withdrawOrder(store, input),
    deployApproved: (input: DeployApproved) => deployApproved(store, input),
    schedule: (input: ScheduleDeployment) => scheduleDeployment(store, input),
    promote: (input: PromoteDeployment) => promoteDeployment(store, input),
    cancelDeployment: (input: CancelDeployment) => cancelDeployment(store, input),
    rollBack: (input: RollBack) => rollBack(store, input),
    withdrawVersion: (input: WithdrawVersion) => withdrawVersion(store, input),
    archiveVersion: (input: ArchiveVersion) => archiveVersion(store, input),
    noteArchived: (input: NoteArchived) => noteArchived(store, input),
    deleteVersion: (input: DeleteVersion) => deleteVersion(store, input),
    setAlias: (input: SetAlias) => setAlias(store, input),
    removeAlias: (input: RemoveAlias) => removeAlias(store, input),
    changeTags: (input: ChangeTags) => changeTags(store, input),
    forgetAttempts: (pair: Pair) => forgetAttempts(store, pair),
    noteAttempt: (input: NoteAttempt) => noteAttempt(store, input),
    noteLostSpec: (input: NoteLostSpec) => noteLostSpec(store, input),
    recordSpec: (input: RecordSpec) => recordSpec(store, input),
  };
}
