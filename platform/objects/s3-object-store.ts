import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Environment } from '#configs/environment.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { staticCredentials } from '../credentials.ts';
import { awsAttempts, awsErrorName, awsStatus } from '../aws-failure.ts';
import { digestBytes, digestInPassing, digestStream, type StreamDigest } from './digest-stream.ts';
import { assertObjectKey, keyOfUri, objectUri } from './object-key.ts';
import type { ObjectInfo, ObjectStore, StoredObject } from './object-store.ts';
import { signPut } from './presign.ts';
import { s3Error } from './s3-error.ts';

/** S3's limit for one PUT. The platform writes parts well below it. */
const MAX_PUT_BYTES = 5 * 1024 ** 3;
const TRIES = 4;
const DELETE_BATCH = 1000;

export function createS3Client(
  env: Environment,
  more: Pick<S3ClientConfig, 'requestChecksumCalculation'> = {},
): S3Client {
  return new S3Client({
    ...more,
    region: env.AWS_REGION,
    ...staticCredentials(env),
    ...(env.MILLRACE_S3_ENDPOINT === undefined
      ? {}
      : { endpoint: env.MILLRACE_S3_ENDPOINT, forcePathStyle: true }),
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 3_000, socketTimeout: 60_000 },
  });
}

/** The environment with the credentials of now, for a child process without the variables that their provider reads. */
export async function withPresentCredentials(env: Environment): Promise<Environment> {
  const client = createS3Client(env);
  try {
    const { accessKeyId, secretAccessKey, sessionToken } = await client.config.credentials();
    const keys = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
    return { ...env, ...keys, AWS_SESSION_TOKEN: sessionToken };
  } finally {
    client.destroy();
  }
}

/** Creates the bucket if it does not exist. */
export async function ensureBucket(env: Environment, bucket: string = env.MILLRACE_BUCKET): Promise<void> {
  const client = createS3Client(env);
  try {
    if (await bucketExists(client, bucket)) return;
    // S3 rejects a location constraint for its default region, us-east-1.
    const elsewhere =
      env.AWS_REGION === 'us-east-1' || env.MILLRACE_S3_ENDPOINT !== undefined
        ? {}
        : { CreateBucketConfiguration: { LocationConstraint: env.AWS_REGION as 'eu-west-2' } };
    await client.send(new CreateBucketCommand({ Bucket: bucket, ...elsewhere }));
  } catch (error) {
    if (awsErrorName(error) === 'BucketAlreadyOwnedByYou') return;
    // Two processes may create it at once, and not every server says who owns it.
    if (awsErrorName(error) === 'BucketAlreadyExists' && (await bucketExists(client, bucket))) return;
    throw s3Error(error, `s3://${bucket}`);
  } finally {
    client.destroy();
  }
}

async function bucketExists(client: S3Client, bucket: string): Promise<boolean> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
    return true;
  } catch (error) {
    if (awsStatus(error) === 404) return false;
    throw s3Error(error, `s3://${bucket}`);
  }
}

function isPreconditionFailed(error: unknown): boolean {
  return awsStatus(error) === 412 || awsErrorName(error) === 'PreconditionFailed';
}

/** A connection that breaks within a body also gives an error of the catalogue. */
async function* withS3Errors(body: Readable, where: string): AsyncIterable<Buffer> {
  try {
    yield* body as AsyncIterable<Buffer>;
  } catch (error) {
    throw s3Error(error, where);
  }
}

/**
 * The object store on S3, or on any server with its API. Digests are sent with each write, so that the store verifies
 * them.
 */
export function createS3ObjectStore(
  env: Environment,
  bucket: string = env.MILLRACE_BUCKET,
): ObjectStore & AsyncDisposable {
  const client = createS3Client(env);
  // The checksum that a client adds by default would be signed for the empty body of a signed request.
  const signer = createS3Client(env, { requestChecksumCalculation: 'WHEN_REQUIRED' });
  const uri = (key: string): string => objectUri(bucket, key);

  async function call<T>(key: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw s3Error(error, uri(key));
    }
  }

  interface Put {
    readonly digest: StreamDigest;
    readonly open: () => Buffer | Readable;
    readonly contentType: string | undefined;
    readonly ifAbsent?: boolean;
    readonly fromFile?: boolean;
  }

  async function putOnce(key: string, put: Put): Promise<void> {
    const body = put.open();
    try {
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: body,
          ContentLength: put.digest.size,
          ChecksumSHA256: Buffer.from(put.digest.sha256, 'hex').toString('base64'),
          ...(put.contentType === undefined ? {} : { ContentType: put.contentType }),
          ...(put.ifAbsent === true ? { IfNoneMatch: '*' } : {}),
        }),
      );
    } finally {
      if (body instanceof Readable) body.destroy();
    }
  }

  /** False if a conditional write found another object. */
  async function write(key: string, put: Put): Promise<boolean> {
    assertObjectKey(key);
    for (let attempt = 1; ; attempt++) {
      try {
        await putOnce(key, put);
        return true;
      } catch (error) {
        if (put.ifAbsent === true && isPreconditionFailed(error)) {
          // An earlier attempt of this call may have succeeded although its response was lost; then this writer won.
          const mayBeOurs = attempt > 1 || awsAttempts(error) > 1;
          return mayBeOurs && (await sha256(key)).sha256 === put.digest.sha256;
        }
        const mapped = s3Error(error, uri(key));
        // The AWS client retries what it can, but never a stream or a conditional write that met another one.
        const ours = put.fromFile === true || awsStatus(error) === 409;
        if (!ours || mapped.code !== 'STORE_UNREACHABLE' || attempt >= TRIES) throw mapped;
        await setTimeout(100 * 2 ** attempt * Math.random());
      }
    }
  }

  async function sha256(key: string): Promise<StoredObject> {
    return { key, uri: uri(key), ...(await digestStream(await getStream(key))) };
  }

  async function getStream(key: string): Promise<Readable> {
    assertObjectKey(key);
    const answer = await call(key, () => client.send(new GetObjectCommand({ Bucket: bucket, Key: key })));
    const body = answer.Body;
    if (!(body instanceof Readable)) throw new TypeError(`The response for ${uri(key)} has no body.`);
    return Readable.from(withS3Errors(body, uri(key)), { objectMode: false }).once('close', () =>
      body.destroy(),
    );
  }

  return {
    bucket,
    uri,
    keyOf: (text) => keyOfUri(bucket, text),
    sha256: (key) => call(key, () => sha256(key)),

    async put(key, body, contentType) {
      const bytes = Buffer.from(body);
      const digest = digestBytes(bytes);
      await write(key, { digest, open: () => bytes, contentType });
      return { key, uri: uri(key), ...digest };
    },

    async putIfAbsent(key, body, contentType) {
      const bytes = Buffer.from(body);
      const digest = digestBytes(bytes);
      return { written: await write(key, { digest, open: () => bytes, contentType, ifAbsent: true }) };
    },

    async putFile(key, path, contentType) {
      const { size } = await stat(path);
      if (size > MAX_PUT_BYTES) {
        throw new MillraceError(
          'OBJECT_TOO_LARGE',
          `${uri(key)} would have ${size} bytes, more than one object may hold.`,
          { where: uri(key) },
        );
      }
      const digest = await digestStream(createReadStream(path));
      await write(key, { digest, open: () => createReadStream(path), contentType, fromFile: true });
      return { key, uri: uri(key), ...digest };
    },

    async get(key) {
      return call(key, async () => Buffer.concat(await (await getStream(key)).toArray()));
    },

    async getRange(key, { from, to, etag }) {
      assertObjectKey(key);
      try {
        const answer = await client.send(
          new GetObjectCommand({ Bucket: bucket, Key: key, Range: `bytes=${from}-${to - 1}`, IfMatch: etag }),
        );
        const bytes = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
        // A server that ignores the condition gives the bytes of the object as it is now.
        return bytes.length === to - from && answer.ETag === etag ? bytes : undefined;
      } catch (error) {
        // 416: the object has become too short for the range.
        if ([404, 412, 416].includes(awsStatus(error) ?? 0)) return undefined;
        throw s3Error(error, uri(key));
      }
    },

    async getFile(key, path) {
      return call(key, async () => {
        const digest = digestInPassing();
        try {
          await pipeline(await getStream(key), digest.stream, createWriteStream(path));
        } catch (error) {
          await rm(path, { force: true });
          throw error;
        }
        return { key, uri: uri(key), ...digest.result() };
      });
    },

    async downloadUrl(key, seconds) {
      assertObjectKey(key);
      const request = new GetObjectCommand({ Bucket: bucket, Key: key });
      return call(key, () => getSignedUrl(client, request, { expiresIn: seconds }));
    },

    async head(key): Promise<ObjectInfo | undefined> {
      assertObjectKey(key);
      try {
        const answer = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
        return objectInfo(key, answer.ContentLength, answer);
      } catch (error) {
        if (awsStatus(error) === 404) return undefined;
        throw s3Error(error, uri(key));
      }
    },

    async *list(prefix, after): AsyncIterable<ObjectInfo> {
      const request = {
        Bucket: bucket,
        Prefix: prefix,
        ...(after === undefined ? {} : { StartAfter: after }),
      };
      try {
        for await (const page of paginateListObjectsV2({ client }, request)) {
          for (const item of page.Contents ?? []) {
            if (item.Key !== undefined) yield objectInfo(item.Key, item.Size, item);
          }
        }
      } catch (error) {
        throw s3Error(error, uri(prefix));
      }
    },

    async remove(keys) {
      for (let start = 0; start < keys.length; start += DELETE_BATCH) {
        const batch = keys.slice(start, start + DELETE_BATCH);
        const Objects = batch.map((Key) => ({ Key }));
        const answer = await call(batch[0] ?? '', () =>
          client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } })),
        );
        const [first] = answer.Errors ?? [];
        if (first !== undefined) {
          throw s3Error({ name: first.Code ?? 'Error', message: first.Message ?? '' }, uri(first.Key ?? ''));
        }
      }
    },

    signPut(key, file, expiresSeconds) {
      assertObjectKey(key);
      return call(key, () => signPut(signer, { bucket, key }, file, expiresSeconds));
    },

    [Symbol.asyncDispose]: async () => {
      client.destroy();
      signer.destroy();
    },
  };
}

interface S3Object {
  readonly ETag?: string | undefined;
  readonly LastModified?: Date | undefined;
}

/**
 * Every response should have both. An object without a time counts as just written, so that no sweep takes it for old.
 */
function objectInfo(key: string, size: number | undefined, { ETag, LastModified }: S3Object): ObjectInfo {
  const modifiedAt = (LastModified ?? new Date()).toISOString();
  return { key, size: size ?? 0, etag: ETag ?? '', modifiedAt };
}
