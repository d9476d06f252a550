/** `node scripts/data/make.ts <UCI csv> <folder>`: writes both data sets below the folder. Called by set-up. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { makeCreditCard } from './credit-card.ts';
import { makeMachines } from './machines.ts';

const [csv, folder] = process.argv.slice(2);
if (csv === undefined || folder === undefined)
  throw new Error('usage: node scripts/data/make.ts <csv> <folder>');

rmSync(folder, { recursive: true, force: true });
// One thread, so that the order of rows, and with it the bytes, does not depend on the machine.
const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
const connection = await instance.connect();
await makeCreditCard(connection, csv, join(folder, 'credit-card'));
await makeMachines(connection, join(folder, 'machines'));
connection.closeSync();
instance.closeSync();
