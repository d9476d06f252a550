import { MillraceError } from '#errors/millrace-error.ts';

const MAX_KEY_BYTES = 1024;

/** Rejects keys that a file system, a URI or a listing would interpret differently from S3. */
export function assertObjectKey(key: string): void {
  const parts = key.split('/');
  const bad =
    key === '' ||
    Buffer.byteLength(key) > MAX_KEY_BYTES ||
    parts.some((part) => part === '' || part === '.' || part === '..') ||
    // oxlint-disable-next-line no-control-regex -- control characters are rejected here
    /[\u0000-\u001f\u007f\\]/.test(key);
  if (bad)
    throw new MillraceError('OBJECT_KEY_INVALID', `"${key}" is not an object key.`, { details: { key } });
}

export function objectUri(bucket: string, key: string): string {
  return `s3://${bucket}/${key}`;
}

export function keyOfUri(bucket: string, uri: string): string {
  const prefix = objectUri(bucket, '');
  if (!uri.startsWith(prefix) || uri.length === prefix.length) {
    throw new MillraceError('OBJECT_URI_INVALID', `"${uri}" is not an object in s3://${bucket}.`, {
      details: { uri, bucket },
    });
  }
  return uri.slice(prefix.length);
}
