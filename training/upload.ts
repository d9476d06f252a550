import { z } from 'zod';
import { nameSchema } from '#configs/names.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import { MillraceError } from '#errors/millrace-error.ts';

/** A file that somebody announces before sending it. */
export interface UploadFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** Files that somebody may send until `expires_at`, in order to register a model trained elsewhere. */
export interface Upload extends Pair {
  readonly upload: string;
  readonly files: readonly UploadFile[];
  readonly created_by: string;
  /** UTC instants. */
  readonly created_at: string;
  readonly expires_at: string;
}

/** All uploads are below this prefix. */
export const UPLOADS = 'uploads/';

/** The file that becomes the model of the version. */
export const MODEL_FILE = 'model.onnx';

export const UPLOAD_LIMITS = {
  files: 10,
  /** Of all files together. */
  bytes: 1024 ** 3,
  seconds: 6 * 3_600,
} as const;

export const uploadFileSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/)
    .describe('File name: letters, digits, `.`, `_` and `-`'),
  size: z.int().min(1).describe('Bytes'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('Lower-case hex'),
});

export const uploadSchema = z.object({
  model: nameSchema,
  feature_set: nameSchema,
  upload: z.string(),
  files: z.array(uploadFileSchema),
  created_by: z.string(),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
});

/** Names that the platform gives to files of its own, and a file that programs would load without asking. */
const RESERVED = new Set([
  'signature.json',
  'evaluation.json',
  'reference_scores.parquet',
  'result.json',
  'manifest.json',
  'model.pkl',
]);

/** Throws `UPLOAD_FILES_INVALID`, `UPLOAD_TOO_LARGE`. */
export function checkUploadFiles(files: readonly UploadFile[]): void {
  const names = files.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  const reserved = names.find((name) => RESERVED.has(name));
  const refuse = (message: string): MillraceError =>
    new MillraceError('UPLOAD_FILES_INVALID', message, { details: { files: names } });
  if (!names.includes(MODEL_FILE)) throw refuse(`None of the files is ${MODEL_FILE}.`);
  if (names.length > UPLOAD_LIMITS.files)
    throw refuse(`There are ${names.length} files; an upload takes ${UPLOAD_LIMITS.files}.`);
  if (twice !== undefined) throw refuse(`${twice} is named twice.`);
  if (reserved !== undefined) throw refuse(`The platform uses the name ${reserved} itself.`);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes > UPLOAD_LIMITS.bytes)
    throw new MillraceError(
      'UPLOAD_TOO_LARGE',
      `The files have ${bytes} bytes; an upload takes ${UPLOAD_LIMITS.bytes}.`,
      { details: { bytes, limit: UPLOAD_LIMITS.bytes } },
    );
}

export function uploadFolder({ model, feature_set }: Pair, upload: string): string {
  return `${UPLOADS}model=${model}/feature_set=${feature_set}/upload=${upload}/`;
}

/** The key that a file is sent to. The record of the upload lies beside this folder, out of reach of the sender. */
export function uploadedKey(pair: Pair, upload: string, name: string): string {
  return `${uploadFolder(pair, upload)}files/${name}`;
}

/** Throws `UPLOAD_EXPIRED`. */
export function refuseExpired(upload: Upload, now: Date): void {
  if (now.toISOString() < upload.expires_at) return;
  throw new MillraceError('UPLOAD_EXPIRED', `The upload expired at ${upload.expires_at}.`, {
    where: `${pairKey(upload)} upload ${upload.upload}`,
  });
}
