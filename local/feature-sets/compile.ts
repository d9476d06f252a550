import { readConfigFolder } from '#configs/read-folder.ts';
import { type ExplainedSet, type ExplainRequest, explainSet } from '#features/query/explain-set.ts';
import { configsOf } from './read-configs.ts';

/**
 * Compiles a set of a folder on this machine, without any server. Throws the errors of `readConfigFolder` and `explainSet`,
 * and `CONFIG_INVALID`.
 */
export async function compileInFolder(folder: string, request: ExplainRequest): Promise<ExplainedSet> {
  return await explainSet(configsOf(folder, await readConfigFolder(folder)), request);
}
