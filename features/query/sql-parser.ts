import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';
import type * as Sdk from '@polyglot-sql/sdk';
import polyglot, { init } from '@polyglot-sql/sdk/manual';

export type { LineageNode, QueryAnalysis, Schema } from '@polyglot-sql/sdk';

/**
 * The SQL parser, ready to use once this module is imported. It is 22.8 MB of WebAssembly: V8's optimising compiler would
 * spend seconds of CPU and hundreds of megabytes on it, more than all later parsing. So the process uses only V8's
 * baseline compiler for WebAssembly. A flag set at run time does not imply the related ones, so all three are set.
 */
for (const flag of ['--liftoff-only', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering'])
  v8.setFlagsFromString(flag);

const wasm = await readFile(fileURLToPath(import.meta.resolve('@polyglot-sql/sdk/polyglot_sql.wasm')));
// The loader also accepts bytes, although its types require a URL; fetching a URL would hold three copies in memory.
await init({ wasmUrl: wasm as unknown as URL });

/** The package declares types only for its other entry point, which compiles the WebAssembly on import. */
const sdk: Pick<
  typeof Sdk,
  'analyzeQuery' | 'Dialect' | 'generate' | 'lineageWithSchema' | 'parse' | 'tokenize' | 'transpile'
> = polyglot;
export const { analyzeQuery, Dialect, generate, lineageWithSchema, parse, tokenize, transpile } = sdk;
