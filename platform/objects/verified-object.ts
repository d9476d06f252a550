import { rm } from 'node:fs/promises';
import pLimit from 'p-limit';
import type { ErrorCode } from '#errors/catalogue.ts';
import { hasCode } from '#errors/cause.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { digestBytes, type StreamDigest } from './digest-stream.ts';
import type { ObjectRef } from './object-ref.ts';
import type { ObjectStore } from './object-store.ts';

/** An object as a manifest or a version records it. */
export interface NamedObject extends ObjectRef {
  /** Bytes; not compared if absent. */
  readonly size?: number;
}

/** The codes for an object that cannot be used. */
export interface RefusalCodes {
  /** Its size or SHA-256 differs from the record. */
  readonly differs: ErrorCode;
  /** It does not exist. Default: `OBJECT_NOT_FOUND`. */
  readonly missing?: ErrorCode;
}

/** Objects hashed at the same time. */
const AT_ONCE = 4;

/** The object's bytes. Throws `codes` if they differ from the record. */
export async function readVerified(
  objects: ObjectStore,
  named: NamedObject,
  codes: RefusalCodes,
): Promise<Buffer> {
  const bytes = await orMissing(objects, named, codes, () => objects.get(named.key));
  assertSame(objects, named, digestBytes(bytes), codes);
  return bytes;
}

/** Downloads the object to a local file. Throws `codes`, and leaves no file, if its bytes differ from the record. */
export async function downloadVerified(
  objects: ObjectStore,
  named: NamedObject,
  path: string,
  codes: RefusalCodes,
): Promise<void> {
  const found = await orMissing(objects, named, codes, () => objects.getFile(named.key, path));
  try {
    assertSame(objects, named, found, codes);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** Reads every object to its end and discards it. Throws `codes` for the first one that differs from its record. */
export async function verifyObjects(
  objects: ObjectStore,
  named: readonly NamedObject[],
  codes: RefusalCodes,
): Promise<void> {
  const limit = pLimit(AT_ONCE);
  const verify = async (one: NamedObject): Promise<void> => {
    const found = await orMissing(objects, one, codes, () => objects.sha256(one.key));
    assertSame(objects, one, found, codes);
  };
  await Promise.all(named.map((one) => limit(() => verify(one))));
}

/** The object's bytes; undefined if it does not exist. */
export async function getIfPresent(objects: ObjectStore, key: string): Promise<Buffer | undefined> {
  try {
    return await objects.get(key);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function orMissing<T>(
  objects: ObjectStore,
  { key }: NamedObject,
  { missing }: RefusalCodes,
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (missing === undefined || !isMissing(error)) throw error;
    const where = objects.uri(key);
    throw new MillraceError(missing, `${where} does not exist.`, { where, details: { key }, cause: error });
  }
}

function isMissing(error: unknown): boolean {
  return hasCode(error, 'OBJECT_NOT_FOUND');
}

function assertSame(
  objects: ObjectStore,
  { key, sha256, size }: NamedObject,
  found: StreamDigest,
  { differs }: RefusalCodes,
): void {
  if (found.sha256 === sha256 && (size === undefined || found.size === size)) return;
  const where = objects.uri(key);
  const recorded = size === undefined ? sha256 : `${sha256} (${size} bytes)`;
  throw new MillraceError(
    differs,
    `${where} has SHA-256 ${found.sha256} (${found.size} bytes); the record names ${recorded}.`,
    { where, details: { key, recorded: sha256, found: found.sha256 } },
  );
}
