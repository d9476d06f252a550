import { MillraceError } from '#errors/millrace-error.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import { commitToPair, type Delete, type RegistryStore } from '../commit-to-pair.ts';
import { requireReason } from '../versions/judgement.ts';
import { aliasesOf } from '../labels/alias.ts';
import { readStage, readVersion } from '../read-items.ts';
import type { VersionStage } from '../versions/stage.ts';
import { moveStage } from '../transition-items.ts';

export interface DeleteVersion {
  readonly pair: Pair;
  readonly version: number;
  readonly principal: string;
  readonly reason: string;
  readonly commandId: string;
}

/**
 * Deletes a version that was never approved. Its number stays taken, its aliases and tags go, and its training can be
 * registered again, so its artifacts stay. Throws `VERSION_NOT_FOUND`, `VERSION_DELETED`, `VERSION_WAS_APPROVED`,
 * `REASON_MISSING`.
 */
export async function deleteVersion(store: RegistryStore, input: DeleteVersion): Promise<VersionStage> {
  const { entities } = store;
  const { pair, version, principal, reason, commandId } = input;
  const command = { pair, kind: 'delete', commandId, subject: { version } };
  return commitToPair<VersionStage>(store, command, async (_state, { at }) => {
    const [stage, { training_id }, aliases] = await Promise.all([
      readStage(entities, pair, version),
      readVersion(entities, pair, version),
      aliasesOf(entities, pair),
    ]);
    // The stage itself does not tell: a version whose approval lapsed is registered again.
    if (stage.was_approved) {
      throw new MillraceError(
        'VERSION_WAS_APPROVED',
        `Version ${version} of ${pairKey(pair)} was approved.`,
        {
          where: pairKey(pair),
          details: { version, stage: stage.stage },
        },
      );
    }
    requireReason(reason);
    const names = aliases.filter((alias) => alias.version === version).map(({ name }) => name);
    const removed = [
      entities.training.delete({ ...pair, training_id }).params<Delete>(),
      entities.tags.delete({ ...pair, version }).params<Delete>(),
      ...names.map((name) => entities.alias.delete({ ...pair, name }).params<Delete>()),
    ];
    return {
      head: {},
      entries: [
        {
          kind: 'version_deleted',
          at,
          principal,
          facts: { version, reason, training_id, aliases: names },
        },
      ],
      items: [
        moveStage(entities, pair, version, { from: stage.stage, to: 'deleted', at }),
        ...removed.map((Delete) => ({ Delete })),
      ],
      result: { ...stage, stage: 'deleted', since: at },
    };
  });
}
