import { readEnvironment } from '#configs/environment.ts';
import { createDuckDbEngine } from '#features/duckdb-engine.ts';
import { featureEngineContract } from './feature-engine.ts';

featureEngineContract('DuckDB', ({ bucket, folder }) =>
  createDuckDbEngine({ env: readEnvironment(), bucket, folder }),
);
