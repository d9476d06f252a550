import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { didYouMean } from '#configs/did-you-mean.ts';
import { MillraceError } from '#errors/millrace-error.ts';

/** Rejects query parameters that the route does not know, so that a misspelt one is not ignored. */
export function addQueryKeys(app: FastifyInstance): void {
  app.addHook('preValidation', async (request) => {
    const { url, schema } = request.routeOptions;
    // The files of the page at /docs carry versions in their queries.
    if (request.is404 || url === undefined || url.startsWith('/docs')) return;
    const known = schema?.querystring instanceof z.ZodObject ? Object.keys(schema.querystring.shape) : [];
    const given =
      typeof request.query === 'object' && request.query !== null ? Object.keys(request.query) : [];
    const problems = given
      .filter((key) => !known.includes(key))
      .map((key) => ({ in: 'querystring', path: key, message: unknownKey(key, known) }));
    if (problems.length === 0) return;
    throw new MillraceError('REQUEST_INVALID', problems.map(({ message }) => message).join(' '), {
      where: 'querystring',
      details: { problems },
    });
  });
}

function unknownKey(key: string, known: readonly string[]): string {
  const suggestion = didYouMean(key, known);
  const meant = suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`;
  return `There is no query parameter "${key}".${meant}`;
}
