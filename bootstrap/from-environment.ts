import type { Environment } from '#configs/environment.ts';
import { openTable } from '#platform/table/table.ts';
import { openTemporalClient } from '#platform/temporal/connection.ts';
import { bootstrap, type Bootstrap, type Bootstrapped } from './bootstrap.ts';

/** Prepares the installation described by an environment, with its own connections, which it closes. */
export async function bootstrapFromEnvironment(
  environment: Environment,
  options: Pick<Bootstrap, 'anotherAdminKey' | 'say'> = {},
): Promise<Bootstrapped> {
  const table = openTable(environment);
  const temporal = openTemporalClient(environment);
  try {
    return await bootstrap({ environment, table, temporal, ...options });
  } finally {
    await temporal.connection.close();
    table.client.destroy();
  }
}
