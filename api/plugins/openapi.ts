import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';

/** The page's own files name no role; this goes before the hook that asks for one. */
export function openDocs(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (route.url === '/docs' || route.url.startsWith('/docs/'))
      route.config = { ...route.config, role: 'public' };
  });
}

/**
 * `/openapi.json` and the page at `/docs` are built from the routes' schemas. Both are public: a browser sends no key, and
 * they hold the product's own description and nothing of an installation.
 */
export async function addOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Millrace',
        version,
        description:
          'Runs the life of machine-learning models. Errors are problem details (RFC 9457) with a code of the catalogue. ' +
          'A POST that starts a workflow is idempotent: 202 while it runs, 200 with the committed result afterwards. ' +
          'Every change takes an Idempotency-Key: the same request with the same key gets the first result, another request is refused.',
      },
      components: {
        securitySchemes: { key: { type: 'http', scheme: 'bearer', bearerFormat: 'mk_<id>_<secret>' } },
        parameters: { IdempotencyKey: idempotencyKey },
        responses: {
          Problem: {
            description: 'Problem details',
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        },
      },
      security: [{ key: [] }],
    },
    transform: (document) => {
      const transformed = jsonSchemaTransform(document);
      const role = document.route.config?.role;
      const described = {
        ...transformed.schema,
        ...(role === 'public' ? { security: [] } : {}),
        description: [document.schema?.description, role && `Role: ${[role].flat().join(' or ')}.`]
          .filter(Boolean)
          .join(' '),
      };
      return { ...transformed, schema: described };
    },
    transformObject: (document) => withCommonParts(jsonSchemaTransformObject(document)),
  });
  await app.register(fastifySwaggerUi, {
    routePrefix: '/docs',
    uiConfig: { url: '/openapi.json', docExpansion: 'list', persistAuthorization: true, validatorUrl: null },
    staticCSP: true,
    // A laptop serves plain HTTP, so upgraded requests would fail; and the page needs nothing from elsewhere.
    transformStaticCSP: (header) =>
      header
        .replace(/ ?upgrade-insecure-requests;?/, '')
        .replaceAll(/ (https:|validator\.swagger\.io)(?=[ ;])/g, ''),
  });
  app.get('/openapi.json', { config: { role: 'public' }, schema: { hide: true } }, () => app.swagger());
}

type Document = ReturnType<typeof jsonSchemaTransformObject>;

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Names this request, once and for all: 1 to 200 printable characters without spaces, of your own choice. Sent again with the ' +
    'same key, the same request (method, path, body, If-Match and If-None-Match) gets the first result, without a time limit. ' +
    'Another request with the key is refused (`COMMAND_ID_REUSED`), on every route. A request that is malformed or not allowed ' +
    'does not use up its key.',
  schema: { type: 'string', minLength: 1, maxLength: 200 },
} as const;

/** Every operation may respond with problem details, and every change takes a key; declared once here instead of in each route. */
function withCommonParts(document: Document): Document {
  for (const path of Object.values(document.paths ?? {}))
    for (const [method, operation] of Object.entries<unknown>(path ?? {})) {
      if (!hasResponses(operation)) continue;
      operation.responses.default = { $ref: '#/components/responses/Problem' };
      if (method === 'get') continue;
      operation.parameters = [
        ...(operation.parameters ?? []),
        { $ref: '#/components/parameters/IdempotencyKey' },
      ];
    }
  return document;
}

function hasResponses(
  operation: unknown,
): operation is { responses: Record<string, unknown>; parameters?: unknown[] } {
  return typeof operation === 'object' && operation !== null && 'responses' in operation;
}
