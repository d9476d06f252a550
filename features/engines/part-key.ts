import { randomBytes } from 'node:crypto';

/** A key unique to this attempt: time and attempt for people, plus a random part. `prefix` ends with `/`, `writtenAt` is ISO-8601 UTC. */
export function partKey(prefix: string, index: number, attempt: string, writtenAt: string): string {
  const time = writtenAt.replaceAll(/[-:]/g, '').replace(/\.\d+Z$/, 'Z');
  const who = attempt.replaceAll(/[^A-Za-z0-9-]/g, '-').slice(0, 60);
  const number = String(index).padStart(5, '0');
  return `${prefix}part-${number}-${time}-${who}-${randomBytes(4).toString('hex')}.parquet`;
}
