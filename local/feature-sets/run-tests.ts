import { type FeatureTest, loadFeatureTests } from '#configs/feature-tests/load.ts';
import type { ConfigSet } from '#configs/config-set.ts';
import { readEnvironment } from '#configs/environment.ts';
import { readConfigFolder, readTestFiles } from '#configs/read-folder.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { runTest, type TestResult } from '#features/interactive/run-tests.ts';
import { configsOf, refuseProblems } from './read-configs.ts';

/** The tests of a folder, and the configs that they test. */
export interface FolderTests {
  readonly configs: ConfigSet;
  readonly tests: readonly FeatureTest[];
}

/** Throws `CONFIG_INVALID` with all problems of configs, or else of tests, `CONFIG_EMPTY`, and what `readConfigFolder` does. */
export async function testsInFolder(folder: string): Promise<FolderTests> {
  const configs = configsOf(folder, await readConfigFolder(folder));
  const { tests, problems } = loadFeatureTests(await readTestFiles(folder), configs);
  refuseProblems(folder, problems);
  if (tests.length === 0)
    throw new MillraceError('CONFIG_EMPTY', `${folder} contains no tests, which are in files .test.yaml.`, {
      where: folder,
    });
  return { configs, tests };
}

/** Runs tests on this machine, one after the other, without any server. */
export async function* runTests({ configs, tests }: FolderTests): AsyncIterable<TestResult> {
  // Nothing of this machine's environment: a test has the same result everywhere.
  const env = readEnvironment({});
  for (const test of tests) yield await runTest(configs, test, env);
}
