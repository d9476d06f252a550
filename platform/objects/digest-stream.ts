import { createHash } from 'node:crypto';
import { Transform, type Readable } from 'node:stream';

/** Size in bytes and SHA-256 as lower-case hex. */
export interface StreamDigest {
  readonly size: number;
  readonly sha256: string;
}

export function digestBytes(bytes: Buffer): StreamDigest {
  return { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Reads the stream to its end. */
export async function digestStream(stream: Readable): Promise<StreamDigest> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { size, sha256: hash.digest('hex') };
}

/** Passes bytes through, and knows their number and digest at the end. */
export function digestInPassing(): { readonly stream: Transform; readonly result: () => StreamDigest } {
  const hash = createHash('sha256');
  let size = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, result: () => ({ size, sha256: hash.digest('hex') }) };
}
