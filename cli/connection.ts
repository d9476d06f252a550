import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { createClient, type Client } from '#client/client.ts';
import { CliFailure } from './failure.ts';
import type { Terminal } from './terminal.ts';

const savedSchema = z.object({ url: z.url(), key: z.string().optional() });
type Saved = z.infer<typeof savedSchema>;

const CHECKOUT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** The file in a home where `up` and `bootstrap` save the API's address and the first key. */
export const SAVED_FILE = 'cli.json';

/** `MILLRACE_API_URL` and `MILLRACE_API_KEY` take precedence over the home's `cli.json`. */
export async function connect({ environment: readEnvironment, folder }: Terminal): Promise<Client> {
  const environment = await readEnvironment();
  const { MILLRACE_API_URL: url, MILLRACE_API_KEY: key, MILLRACE_HOME: home } = environment;
  if (url !== undefined && key !== undefined) return createClient(url, key);
  const saved =
    (await read(resolve(folder, home, SAVED_FILE))) ?? (await read(join(CHECKOUT, '.millrace', SAVED_FILE)));
  const local = `http://${environment.MILLRACE_API_HOST}:${environment.MILLRACE_API_PORT}`;
  const address = url ?? saved?.url ?? local;
  // A saved key is sent only to the address that it was saved with.
  const savedKey = saved?.url === address ? saved.key : undefined;
  return createClient(address, key ?? savedKey);
}

async function read(path: string): Promise<Saved | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    const why = error instanceof Error ? error.message : String(error);
    throw new CliFailure('CLI_FILE_INVALID', `${path} cannot be read: ${why}`, { where: path });
  }
  const parsed = savedSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new CliFailure('CLI_FILE_INVALID', `${path} does not hold {"url", "key"}.`, { where: path });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
