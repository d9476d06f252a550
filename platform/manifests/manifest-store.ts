import pLimit from 'p-limit';
import { z } from 'zod';
import { canonicalJson, sha256Hex } from '#configs/canonical.ts';
import type { ErrorCode } from '#errors/catalogue.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectRef } from '../objects/object-ref.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import {
  getIfPresent,
  readVerified,
  verifyObjects,
  type NamedObject,
  type RefusalCodes,
} from '../objects/verified-object.ts';

/** A file that a manifest commits. */
export type ManifestFile = Required<NamedObject>;

/** What one kind of manifest adds to the protocol. `R` names a manifest, `M` is its content. */
export interface ManifestKind<R, M extends R> {
  /** The name used in messages, such as `a partition`. */
  readonly title: string;
  /** The folder that the manifest commits, including the last `/`. */
  readonly folderOf: (ref: R) => string;
  readonly schema: z.ZodType<M>;
  readonly filesOf: (manifest: M) => readonly ManifestFile[];
  readonly codes: Required<RefusalCodes> & { readonly invalid: ErrorCode };
  /**
   * Whether a commit removes everything in the folder that the committed manifest does not name. If false, a writer
   * that lost the race removes only its own files, and the sweep removes the rest.
   */
  readonly clearsFolder: boolean;
}

/** A manifest with the SHA-256 of its stored bytes. */
export interface Committed<M> extends ObjectRef {
  readonly manifest: M;
}

/**
 * Commits files by one manifest that is written last and once (`If-None-Match: *`). Before that nothing is visible, and
 * afterwards nothing changes. Errors: those of the object store, and the `codes` of the kind.
 */
export interface ManifestStore<R, M extends R> {
  keyOf(ref: R): string;
  /** Undefined if nothing is committed. Throws `invalid`. */
  find(ref: R): Promise<Committed<M> | undefined>;
  /**
   * Commits the manifest, or adopts the one that was committed first. Then removes files that the committed manifest
   * does not name, as the kind prescribes. Throws `missing` if a named file does not exist with its size.
   */
  commit(manifest: M): Promise<Committed<M>>;
  /** Reads a manifest by the SHA-256 in a record. Throws `missing`, `differs`, `invalid`. */
  read(ref: ObjectRef): Promise<M>;
  /** Reads every named file and compares its size and SHA-256. Throws `missing`, `differs`. */
  verify(manifest: M): Promise<void>;
}

const HEADS_AT_ONCE = 16;

/** The key of the manifest that commits a folder. */
export function manifestIn(folder: string): string {
  return `${folder}manifest.json`;
}

export function createManifestStore<R, M extends R>(
  objects: ObjectStore,
  kind: ManifestKind<R, M>,
): ManifestStore<R, M> {
  const { codes, filesOf, folderOf } = kind;
  const keyOf = (ref: R): string => manifestIn(folderOf(ref));

  async function find(ref: R): Promise<Committed<M> | undefined> {
    const key = keyOf(ref);
    const bytes = await getIfPresent(objects, key);
    return (
      bytes && {
        manifest: parse(kind, bytes, { key, where: objects.uri(key) }),
        key,
        sha256: sha256Hex(bytes),
      }
    );
  }

  async function putOrAdopt(manifest: M): Promise<Committed<M>> {
    const key = keyOf(manifest);
    const gone = await missingFile(objects, filesOf(manifest));
    // Another writer may have committed first and removed our files.
    if (gone === undefined) {
      const body = canonicalJson(manifest);
      const { written } = await objects.putIfAbsent(key, body, 'application/json');
      if (written) return { manifest, key, sha256: sha256Hex(body) };
    }
    const winner = await find(manifest);
    if (winner !== undefined) return winner;
    const where = objects.uri(key);
    throw new MillraceError(codes.missing, `${objects.uri(gone ?? key)} does not exist any more.`, { where });
  }

  async function removeUnnamed({ key, manifest }: Committed<M>, own: M): Promise<void> {
    const named = new Set([key, ...keysOf(filesOf(manifest))]);
    const candidates = kind.clearsFolder
      ? await keysBelow(objects, folderOf(manifest))
      : keysOf(filesOf(own));
    await objects.remove(candidates.filter((candidate) => !named.has(candidate)));
  }

  return {
    keyOf,
    find,
    async commit(manifest) {
      const committed = await putOrAdopt(manifest);
      await removeUnnamed(committed, manifest);
      return committed;
    },
    read: async (ref) =>
      parse(kind, await readVerified(objects, ref, codes), { key: ref.key, where: objects.uri(ref.key) }),
    verify: (manifest) => verifyObjects(objects, filesOf(manifest), codes),
  };
}

function parse<R, M extends R>(
  kind: ManifestKind<R, M>,
  bytes: Buffer,
  { key, where }: { readonly key: string; readonly where: string },
): M {
  const refuse = (why: string, cause?: unknown): MillraceError =>
    new MillraceError(kind.codes.invalid, `This is not the manifest of ${kind.title}: ${why}.`, {
      where,
      cause,
    });
  let manifest: M;
  try {
    manifest = kind.schema.parse(JSON.parse(bytes.toString('utf8')));
  } catch (error) {
    throw refuse(error instanceof z.ZodError ? z.prettifyError(error) : 'it is not JSON', error);
  }
  // A manifest copied from elsewhere must not be adopted: the commit would then clear the folder that it came from.
  const home = manifestIn(kind.folderOf(manifest));
  if (home !== key) throw refuse(`it belongs at ${home}`);
  return manifest;
}

/** Key of the first file that does not exist with its size. Readers compare the contents. */
async function missingFile(
  objects: ObjectStore,
  files: readonly ManifestFile[],
): Promise<string | undefined> {
  const limit = pLimit(HEADS_AT_ONCE);
  const heads = await Promise.all(files.map(({ key }) => limit(() => objects.head(key))));
  return files.find(({ size }, index) => heads[index]?.size !== size)?.key;
}

function keysOf(files: readonly ManifestFile[]): readonly string[] {
  return files.map(({ key }) => key);
}

async function keysBelow(objects: ObjectStore, prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of objects.list(prefix)) keys.push(key);
  return keys;
}
