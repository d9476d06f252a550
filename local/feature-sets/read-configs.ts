import type { ConfigSet } from '#configs/config-set.ts';
import { type ConfigFile, type ConfigProblem, loadConfigs } from '#configs/load.ts';
import { MillraceError } from '#errors/millrace-error.ts';

/** The documents of a folder, which must be valid by themselves. Throws `CONFIG_INVALID` with all problems. */
export function configsOf(folder: string, files: readonly ConfigFile[]): ConfigSet {
  const { documents, problems } = loadConfigs(files);
  refuseProblems(folder, problems);
  return documents;
}

/** Throws `CONFIG_INVALID` if there are problems. */
export function refuseProblems(folder: string, problems: readonly ConfigProblem[]): void {
  const count = problems.length;
  if (count === 0) return;
  throw new MillraceError(
    'CONFIG_INVALID',
    `${folder} holds ${count} ${count === 1 ? 'problem' : 'problems'}.`,
    { details: { problems } },
  );
}
