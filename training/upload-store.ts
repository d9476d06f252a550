import { canonicalJson, sha256Hex } from '#configs/canonical.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore, SignedRequest } from '#platform/objects/object-store.ts';
import { downloadVerified, getIfPresent } from '#platform/objects/verified-object.ts';
import {
  checkUploadFiles,
  UPLOAD_LIMITS,
  uploadedKey,
  uploadFolder,
  uploadSchema,
  type Upload,
  type UploadFile,
} from './upload.ts';

export interface NewUpload {
  readonly pair: Pair;
  readonly files: readonly UploadFile[];
  readonly principal: string;
  /** The same command is the same upload. */
  readonly commandId: string;
  readonly now: Date;
}

export type UploadStore = ReturnType<typeof createUploadStore>;

/** Uploads, as `upload.json` beside their files. The store's sweep removes both after a day. */
export function createUploadStore(objects: ObjectStore) {
  const recordKey = (pair: Pair, upload: string): string => `${uploadFolder(pair, upload)}upload.json`;

  async function read(pair: Pair, upload: string): Promise<Upload> {
    const bytes = await getIfPresent(objects, recordKey(pair, upload));
    if (bytes !== undefined) return uploadSchema.parse(JSON.parse(bytes.toString('utf8')));
    throw new MillraceError('UPLOAD_NOT_FOUND', `There is no upload "${upload}" for ${pairKey(pair)}.`, {
      where: pairKey(pair),
    });
  }

  return {
    /** Idempotent by command id. Throws `UPLOAD_FILES_INVALID`, `UPLOAD_TOO_LARGE`, `COMMAND_ID_REUSED`. */
    async open({ pair, files, principal, commandId, now }: NewUpload): Promise<Upload> {
      checkUploadFiles(files);
      const { model, feature_set } = pair;
      const upload: Upload = {
        model,
        feature_set,
        upload: sha256Hex([model, feature_set, commandId].join('\n')).slice(0, 32),
        files,
        created_by: principal,
        created_at: now.toISOString(),
        expires_at: new Date(now.getTime() + UPLOAD_LIMITS.seconds * 1_000).toISOString(),
      };
      const key = recordKey(pair, upload.upload);
      const { written } = await objects.putIfAbsent(key, canonicalJson(upload), 'application/json');
      if (written) return upload;
      const first = await read(pair, upload.upload);
      if (canonicalJson(first.files) === canonicalJson(files)) return first;
      throw new MillraceError('COMMAND_ID_REUSED', 'This key was used for an upload of other files.', {
        where: pairKey(pair),
      });
    },

    /** Throws `UPLOAD_NOT_FOUND`. */
    read,

    /** One request per file that sends it, valid as long as the upload. */
    async requests(
      upload: Upload,
      now: Date,
    ): Promise<readonly (UploadFile & { readonly request: SignedRequest })[]> {
      const seconds = Math.floor((Date.parse(upload.expires_at) - now.getTime()) / 1_000);
      return Promise.all(
        upload.files.map(async (file) => {
          const key = uploadedKey(upload, upload.upload, file.name);
          return { ...file, request: await objects.signPut(key, file, Math.max(seconds, 1)) };
        }),
      );
    },

    /** Throws `UPLOAD_INCOMPLETE`, `UPLOAD_SIZE_MISMATCH`. */
    async checkArrived(pair: Pair, { upload, files }: Pick<Upload, 'upload' | 'files'>): Promise<void> {
      for (const { name, size } of files) {
        const found = await objects.head(uploadedKey(pair, upload, name));
        const where = `${pairKey(pair)} upload ${upload}`;
        if (found === undefined)
          throw new MillraceError('UPLOAD_INCOMPLETE', `${name} has not arrived.`, { where });
        if (found.size !== size)
          throw new MillraceError(
            'UPLOAD_SIZE_MISMATCH',
            `${name} has ${found.size} bytes; ${size} were announced.`,
            { where, details: { name, announced: size, found: found.size } },
          );
      }
    },

    /** Downloads one file to a local path. Throws `UPLOAD_INCOMPLETE`, `UPLOAD_DIGEST_MISMATCH`. */
    download: (pair: Pair, upload: string, { name, ...file }: UploadFile, path: string): Promise<void> =>
      downloadVerified(objects, { key: uploadedKey(pair, upload, name), ...file }, path, {
        missing: 'UPLOAD_INCOMPLETE',
        differs: 'UPLOAD_DIGEST_MISMATCH',
      }),
  };
}
