import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';
import type * as Sdk from '@polyglot-sql/sdk';
import polyglot, { init } from '@polyglot-sql/sdk/manual';

export type { LineageNode, QueryAnalysis, Schema } from '@polyglot-sql/sdk';

/**
 * The SQL parser, ready to use once this module is imported. It is 22.8 MB of WebAssembly: V8's optimising compiler would
 * spend seconds of CPU and hundreds of megabytes on it, more than all parsing that follows. So the process keeps to V8's
 * baseline compiler for WebAssembly. A flag set at run time implies no other, hence all three.
 */
for (const flag of ['--liftoff-only', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering'])
  v8.setFlagsFromString(flag);

const wasm = await readFile(fileURLToPath(import.meta.resolve('@polyglot-sql/sdk/polyglot_sql.wasm')));
// The loader takes the bytes as well as the URL that its types ask for; fetching a URL would hold three copies of them.
await init({ wasmUrl: wasm as unknown as URL });

/** The package declares its types for its other entry alone, which compiles the WebAssembly while it is imported. */
const sdk: Pick<
  typeof Sdk,
  'analyzeQuery' | 'Dialect' | 'generate' | 'lineageWithSchema' | 'parse' | 'tokenize' | 'transpile'
> = polyglot;
export const { analyzeQuery, Dialect, generate, lineageWithSchema, parse, tokenize, transpile } = sdk;
