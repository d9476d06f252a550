import { createHash } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostAnswer } from '#client/client.ts';
import { CliFailure } from './failure.ts';

/** A file of this machine under the name that it has in an upload. */
export interface LocalFile {
  readonly name: string;
  readonly path: string;
}

type Opened = PostAnswer<'/v1/pairs/{model}/{set}/uploads'>;

const TRIES = 3;
const PAUSE_MS = 500;

/** Name, size and SHA-256 of each file. Throws `CLI_FILE_INVALID` if one cannot be read. */
export async function describeFiles(files: readonly LocalFile[]) {
  return Promise.all(
    files.map(async ({ name, path }) => {
      try {
        if (!(await stat(path)).isFile()) throw new Error('it is not a file');
        return { name, ...(await digestOf(path)) };
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new CliFailure('CLI_FILE_INVALID', `${path} cannot be read: ${why}`, { where: path });
      }
    }),
  );
}

async function digestOf(path: string): Promise<{ readonly size: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { size, sha256: hash.digest('hex') };
}

/** Sends each file to the URL that was signed for it. Throws `CLI_UPLOAD_FAILED`. */
export async function sendFiles(files: readonly LocalFile[], upload: Opened): Promise<void> {
  for (const { name, request } of upload.files) {
    const path = files.find((file) => file.name === name)?.path;
    if (path === undefined) throw new TypeError(`The upload holds ${name}, which was not announced.`);
    await send(path, request);
  }
}

async function send(path: string, { url, headers }: Opened['files'][number]['request']): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const refusal = await sendOnce(path, url, headers);
    if (refusal === undefined) return;
    if (!refusal.passing || attempt >= TRIES)
      throw new CliFailure('CLI_UPLOAD_FAILED', `${path} was not stored: ${refusal.why}`, {
        where: new URL(url).origin,
      });
    await sleep(PAUSE_MS * attempt);
  }
}

/** Undefined if the store took the file. */
async function sendOnce(
  path: string,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly why: string; readonly passing: boolean } | undefined> {
  try {
    const response = await fetch(url, { method: 'PUT', headers, body: await openAsBlob(path) });
    const text = await response.text();
    if (response.ok) return undefined;
    return {
      why: `the store answers ${response.status} ${text.slice(0, 300)}`,
      passing: response.status >= 500,
    };
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return { why: cause, passing: true };
  }
}
