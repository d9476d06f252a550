import { join } from 'node:path';
import { findPython } from '#scripts/set-up/find-python.ts';
import { missingPrerequisites } from '#scripts/set-up/prerequisites.mjs';
import { runSteps, type Step } from '#scripts/set-up/step.ts';
import { TOOLS, tools } from '#local/tools.ts';

/** Spark gets an environment of its own: half a gigabyte that only these tests need. */
const HOME = join(TOOLS, 'spark');
export const SPARK_BIN = join(HOME, 'bin');

const spark: Step = {
  name: 'spark',
  title: 'Spark, in an environment of its own (uv)',
  inputs: ['test/spark/requirements.txt', 'test/spark/build.txt'],
  after: [],
  result: join(SPARK_BIN, 'spark-submit'),
  stamp: join(TOOLS, 'stamps', 'spark'),
  run: async (sh) => {
    const python = join(SPARK_BIN, 'python');
    await sh(tools.uv, ['venv', '--quiet', '--allow-existing', '--python', await findPython(), HOME]);
    await sh(
      tools.uv,
      [
        'pip',
        'sync',
        '--require-hashes',
        // Spark comes as source.
        '--build-constraints',
        'test/spark/build.txt',
        '--python',
        python,
        'test/spark/requirements.txt',
      ],
      { env: { UV_SYSTEM_CERTS: 'true' } },
    );
  },
};

/** Spark's launcher prefers `JAVA_HOME`. Java 24 removed what Spark 4.0 still calls. */
const java = {
  what: 'Java 17 or newer, below 24',
  commands: [
    [process.env['JAVA_HOME'] ? join(process.env['JAVA_HOME'], 'bin', 'java') : 'java', ['-version']],
  ] as const,
  accept: (text: string): boolean => {
    const version = Number(/version "(\d+)/.exec(text)?.[1]);
    return version >= 17 && version < 24;
  },
  remedy: 'apt-get install openjdk-17-jdk-headless, or brew install openjdk@17',
};

/** Throws with what to install if the machine has no Java that runs Spark. */
export async function installSpark(say: (line: string) => void): Promise<void> {
  const [missing] = await missingPrerequisites([java]);
  if (missing !== undefined)
    throw new Error(
      `Spark needs ${missing.what}, which this machine lacks (${missing.found}). Get it: ${missing.remedy}`,
    );
  await runSteps([spark], say);
}
