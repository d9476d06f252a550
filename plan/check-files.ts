import type { AppliedConfigs } from '#catalog/config-store.ts';
import { type ConfigFile, loadConfigs } from '#configs/load.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { queryProblems } from './query-problems.ts';

/** Loads files on top of the base. Throws `CONFIG_INVALID` with all problems, or `CONFIG_EMPTY`. */
export async function checkFiles(given: readonly ConfigFile[], base: AppliedConfigs) {
  const loaded = loadConfigs(given, { existing: base.configs });
  const problems =
    loaded.problems.length > 0
      ? loaded.problems
      : await queryProblems(base.configs, loaded.documents, loaded.declared);
  const count = problems.length;
  if (count > 0) {
    throw new MillraceError(
      'CONFIG_INVALID',
      `The configs hold ${count} ${count === 1 ? 'problem' : 'problems'}.`,
      {
        details: { problems },
      },
    );
  }
  if (loaded.declared.length === 0) {
    throw new MillraceError('CONFIG_EMPTY', `${given.length} files hold no config document.`);
  }
  return loaded;
}
