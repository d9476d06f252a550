import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** SHA-256 as lower-case hex. */
export function sha256Hex(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/** RFC 8785 canonical JSON. `undefined` members are left out, as in JSON. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('only JSON values have a canonical form');
  return text;
}

/**
 * Digest that names things made of JSON: definitions, trainings and config revisions.
 * The first 128 bits of SHA-256 over canonical JSON, 32 hex characters, short enough for workflow ids and S3 paths.
 */
export function digestOf(value: unknown): string {
  return sha256Hex(canonicalJson(value)).slice(0, 32);
}
