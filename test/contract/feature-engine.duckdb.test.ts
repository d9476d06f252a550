import { readEnvironment } from '#configs/environment.ts';
import { createDuckDbEngine } from '#features/engines/duckdb/duckdb-engine.ts';
import { featureEngineContract } from './feature-engine.contract.ts';

featureEngineContract('DuckDB', ({ bucket, folder }) =>
  createDuckDbEngine({ env: readEnvironment(), bucket, folder }),
);
