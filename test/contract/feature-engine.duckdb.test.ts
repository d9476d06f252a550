import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { readEnvironment } from '#configs/environment.ts';
import { createDuckDbEngine } from '#features/engines/duckdb/duckdb-engine.ts';
import { withScratchFolder } from '#platform/local-files.ts';
import { featureEngineContract } from './feature-engine.contract.ts';

featureEngineContract('DuckDB', async (objects, work) =>
  withScratchFolder(join(tmpdir(), 'millrace-test'), async (folder) => {
    // Relative, because a home folder may be given so.
    await work(
      createDuckDbEngine({ env: readEnvironment(), objects, folder: relative(process.cwd(), folder) }),
    );
  }),
);
