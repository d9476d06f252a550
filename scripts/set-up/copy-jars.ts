import { mkdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Shell } from './step.ts';
import { verifyFiles, verifyListed } from './verify-files.ts';

/** The version that Maven 3 uses by default. The same stands in `maven-plugin/pom.xml`. */
export const DEPENDENCY_PLUGIN = '2.8';

const PLUGIN = 'scripts/set-up/maven-plugin';

/** Maven's default, given explicitly, because the plugin's files are verified there. */
const REPOSITORY = join(homedir(), '.m2', 'repository');

const MAVEN = ['--batch-mode', '--quiet', '--strict-checksums', `-Dmaven.repo.local=${REPOSITORY}`];

/** Copies the jars that `source` names (pom.xml) to `home`/lib, and checks them against their digests (jars.sha256). */
export async function copyJars(sh: Shell, source: string, home: string): Promise<void> {
  rmSync(home, { recursive: true, force: true });
  const lib = join(home, 'lib');
  mkdirSync(lib, { recursive: true });
  await downloadPlugin(sh);
  await sh('mvn', [
    ...MAVEN,
    '--file',
    join(source, 'pom.xml'),
    `org.apache.maven.plugins:maven-dependency-plugin:${DEPENDENCY_PLUGIN}:copy-dependencies`,
    '-DincludeScope=runtime',
    `-DoutputDirectory=${lib}`,
  ]);
  verifyFiles(lib, join(source, 'jars.sha256'));
}

/**
 * Downloads the plugin without running it. The POMs are held to digests as well, so none can name a jar that is not in the
 * list.
 */
async function downloadPlugin(sh: Shell): Promise<void> {
  await sh('mvn', [...MAVEN, '--file', join(PLUGIN, 'pom.xml'), 'validate']);
  verifyListed(REPOSITORY, join(PLUGIN, 'files.sha256'));
}
