import type { AppliedConfigs } from '#catalog/config-store.ts';
import type { ConfigChange } from '#catalog/config-change.ts';
import { withoutDocuments } from '#configs/config-set.ts';
import { type ConfigFile, loadConfigs } from '#configs/load.ts';
import type { ConfigProblem } from '#configs/problem.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { type InUseDeps, refuseInUse } from './documents-in-use.ts';
import { addDays } from '#features/calendar.ts';
import { queryProblems } from './query-problems.ts';
import { documentsToRemove, type Removal } from './removal.ts';

export interface CheckDeps extends InUseDeps {
  readonly now: () => Date;
}

/**
 * Loads files on top of the base: the change that they and the removal make of it. Throws `CONFIG_INVALID` with all
 * problems, `CONFIG_EMPTY`, `CONFIG_IN_USE`, `CONFIG_NOT_FOUND`, `REQUEST_INVALID`.
 */
export async function checkFiles(
  deps: CheckDeps,
  given: readonly ConfigFile[],
  base: AppliedConfigs,
  removal: Removal,
): Promise<ConfigChange> {
  const loaded = valid(given, base.configs);
  const { declared } = loaded;
  const remove = documentsToRemove(base, declared, removal);
  if (declared.length === 0 && remove.length === 0) {
    throw new MillraceError('CONFIG_EMPTY', `${given.length} files hold no config document.`);
  }
  const change = { documents: declared, remove };
  await refuseInUse(deps, base, change);
  // Without what is removed, so that no document of the files refers to it.
  const { documents } = remove.length === 0 ? loaded : valid(given, withoutDocuments(base.configs, remove));
  refuseProblems(await queryProblems(base.configs, documents, declared, tomorrow(deps)));
  return change;
}

function valid(given: readonly ConfigFile[], existing: AppliedConfigs['configs']) {
  const loaded = loadConfigs(given, { existing });
  refuseProblems(loaded.problems);
  return loaded;
}

function refuseProblems(problems: readonly ConfigProblem[]): void {
  const count = problems.length;
  if (count === 0) return;
  throw new MillraceError(
    'CONFIG_INVALID',
    `The configs hold ${count} ${count === 1 ? 'problem' : 'problems'}.`,
    { details: { problems } },
  );
}

/** Today everywhere on Earth is at most tomorrow in UTC. */
function tomorrow({ now }: CheckDeps): string {
  return addDays(now().toISOString().slice(0, 10), 1);
}
