import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import type { JobFolder } from './job-folder.ts';
import { isAbsence } from '#platform/local-files.ts';

/** The same limit as that of a Kubernetes termination message. */
const MESSAGE_BYTES = 4096;
const TAIL_LINES = 20;
const READ_BYTES = 1024 * 1024;

/**
 * At most `bytes` of a file from an offset, or from its end if the offset is negative. Empty if the file does not
 * exist.
 */
async function readPart(path: string, from: number, bytes: number): Promise<Buffer> {
  try {
    const file = await open(path, 'r');
    try {
      const start = from >= 0 ? from : Math.max(0, (await file.stat()).size + from);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, start);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isAbsence(error)) return Buffer.alloc(0);
    throw error;
  }
}

/** The message of an ended job: its termination message, else the last lines of its log, else `undefined`. */
export async function lastWords(folder: JobFolder): Promise<string | undefined> {
  const message = (await readPart(folder.termination, 0, MESSAGE_BYTES)).toString().trim();
  if (message !== '') return message;
  const tail = (await readPart(folder.log, -MESSAGE_BYTES, MESSAGE_BYTES)).toString().trim();
  return tail === '' ? undefined : tail.split('\n').slice(-TAIL_LINES).join('\n');
}

/**
 * The next part of a log, in whole characters. An incomplete character is left for the next call, unless the log is
 * `complete`.
 */
export async function readLog(
  path: string,
  fromByte: number,
  complete: boolean,
): Promise<{ readonly text: string; readonly nextByte: number }> {
  const start = Math.max(0, fromByte);
  const part = await readPart(path, start, READ_BYTES);
  const decoder = new StringDecoder('utf8');
  const text = decoder.write(part);
  const rest = part.length - wholeBytes(part);
  if (rest === 0 || (complete && rest === part.length)) {
    return { text: text + decoder.end(), nextByte: start + part.length };
  }
  return { text, nextByte: start + part.length - rest };
}

/** Number of bytes before a truncated UTF-8 character at the end. */
function wholeBytes(part: Buffer): number {
  for (let back = 1; back <= Math.min(3, part.length); back++) {
    const byte = part[part.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < length ? part.length - back : part.length;
    }
  }
  return part.length;
}
