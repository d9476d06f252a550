import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { StreamDigest } from './digest-stream.ts';
import type { SignedRequest } from './object-store.ts';

const CHECKSUM = 'x-amz-checksum-sha256';

/**
 * Signs a `PUT` of one object. Size and SHA-256 are signed headers: the store refuses a body of another size, and one
 * with another digest where it verifies checksums. `client` must add no checksum of its own.
 */
export async function signPut(
  client: S3Client,
  target: { readonly bucket: string; readonly key: string },
  file: StreamDigest,
  expiresSeconds: number,
): Promise<SignedRequest> {
  const checksum = Buffer.from(file.sha256, 'hex').toString('base64');
  const command = new PutObjectCommand({
    Bucket: target.bucket,
    Key: target.key,
    ContentLength: file.size,
    ChecksumSHA256: checksum,
  });
  const url = await getSignedUrl(client, command, {
    expiresIn: expiresSeconds,
    // In the query, the checksum would bind nobody on a store that reads it from the header only.
    unhoistableHeaders: new Set([CHECKSUM]),
    signableHeaders: new Set(['host', 'content-length', CHECKSUM]),
  });
  return { url, headers: { 'content-length': String(file.size), [CHECKSUM]: checksum } };
}
