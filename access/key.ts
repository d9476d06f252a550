import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * An API key is `mk_<id>_<secret>`. The id finds the item; the secret is 256 random bits and only its SHA-256 is kept.
 * A slow hash (scrypt) protects passwords because people choose guessable ones. Nobody can guess 256 random bits, so one
 * round of SHA-256 is as safe, and costs microseconds on each request instead of tens of milliseconds.
 */
export interface ParsedKey {
  readonly id: string;
  readonly secret: string;
}

const KEY = /^mk_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;

export function mintKeyId(): string {
  return randomBytes(6).toString('hex');
}

export function mintKey(id: string): ParsedKey & { readonly text: string } {
  const secret = randomBytes(32).toString('base64url');
  return { id, secret, text: `mk_${id}_${secret}` };
}

export function parseKey(text: string): ParsedKey | undefined {
  const [, id, secret] = KEY.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** Lower-case hex. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Constant-time comparison. */
export function secretMatches(secret: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(secret), 'hex'), Buffer.from(hash, 'hex'));
}
