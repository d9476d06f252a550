// Preloaded into a process to keep V8's optimising compiler for WebAssembly, which features/query/sql-parser.ts turns
// off.
import v8 from 'node:v8';

v8.setFlagsFromString = () => undefined;
