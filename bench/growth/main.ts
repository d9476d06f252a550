import { readEnvironment } from '#configs/environment.ts';
import type { Servers } from '#local/servers.ts';
import { createS3ObjectStore, ensureBucket } from '#platform/objects/s3-object-store.ts';
import { ensureTable, openTable } from '#platform/table/table.ts';
import { createRegistry } from '#registry/registry.ts';
import { benchDagSpecs } from './dag-specs.ts';
import { benchDeployments } from './deployments.ts';
import { benchDossier } from './dossier.ts';

const SPECS = 1_000;
/** Even numbers. */
const DEPLOYMENTS = [10, 10_000];
const ENTRIES = [1_000, 100_000];

/** What grows with the age and the size of an installation. */
export async function benchGrowth(servers: Servers, say: (line: string) => void): Promise<unknown> {
  const env = readEnvironment(servers.env);
  const table = openTable(env);
  const objects = createS3ObjectStore(env);
  await Promise.all([ensureTable(table), ensureBucket(env)]);
  const registry = createRegistry(table, objects);
  say(`${SPECS} DAG specs`);
  const dagSpecs = await benchDagSpecs(objects, SPECS);
  say(JSON.stringify(dagSpecs));
  say(`pairs with ${DEPLOYMENTS.join(' and ')} deployments`);
  const deployments = await benchDeployments(table, objects, DEPLOYMENTS);
  say(JSON.stringify(deployments));
  const dossiers = [];
  for (const entries of ENTRIES) {
    const measured = await benchDossier({ table, registry }, entries, say);
    say(JSON.stringify(measured));
    dossiers.push(measured);
  }
  return { bench: 'growth', dag_specs: dagSpecs, deployments: { of: DEPLOYMENTS, ...deployments }, dossiers };
}
