import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { nameSchema } from '#configs/names.ts';
import { refuseExpired, UPLOAD_LIMITS, uploadFileSchema } from '#training/upload.ts';
import { configuredPair } from '../../starts/import.ts';
import type { StartDeps } from '../../starts/start-deps.ts';
import { pairOf, pairParams } from '../shared/params.ts';

const uploadBody = z.strictObject({
  files: z
    .array(uploadFileSchema)
    .min(1)
    .max(100)
    .describe(
      `The file model.onnx, and up to ${UPLOAD_LIMITS.files - 1} others that become artifacts beside it; ${UPLOAD_LIMITS.bytes / 1024 ** 3} GiB together`,
    ),
});

const openedUpload = z.object({
  upload: z.string().describe('Id of the upload, for `POST …/versions`'),
  model: nameSchema,
  feature_set: nameSchema,
  expires_at: z.string(),
  files: z
    .array(
      uploadFileSchema.extend({
        request: z
          .object({
            url: z.string(),
            headers: z.record(z.string(), z.string()).describe('Send exactly these headers'),
          })
          .describe('`PUT` the file here, without an API key'),
      }),
    )
    .readonly(),
});

export const uploadRoutes: FastifyPluginAsyncZod<{ readonly starts: StartDeps }> = async (
  app,
  { starts },
) => {
  app.post(
    '/v1/pairs/:model/:set/uploads',
    {
      config: { role: 'scientist', team: 'pair' },
      schema: {
        summary: 'Announce the files of a model trained elsewhere, and get a signed URL for each',
        description:
          'The URLs and the upload expire after six hours. Repeating the request with the same Idempotency-Key returns the same upload.',
        tags: ['registry'],
        params: pairParams,
        body: uploadBody,
        response: { 201: openedUpload },
      },
    },
    async (request, reply) => {
      const pair = pairOf(request.params);
      configuredPair((await starts.configs.current()).configs, pair);
      const now = starts.now();
      const upload = await starts.uploads.open({
        pair,
        files: request.body.files,
        principal: request.principal.name,
        commandId: request.commandId,
        now,
      });
      refuseExpired(upload, now);
      const files = await starts.uploads.requests(upload, now);
      return reply.code(201).send({
        upload: upload.upload,
        model: upload.model,
        feature_set: upload.feature_set,
        expires_at: upload.expires_at,
        files,
      });
    },
  );
};
