// Preloaded into a process, keeps V8's optimising compiler for WebAssembly in spite of features/query/sql-parser.ts.
import v8 from 'node:v8';

v8.setFlagsFromString = () => undefined;
