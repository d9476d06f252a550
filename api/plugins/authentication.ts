import type { FastifyInstance, RouteOptions } from 'fastify';
import { MillraceError } from '#errors/millrace-error.ts';
import type { Principal, Role } from '#access/principal.ts';
import type { KeysStore } from '#access/keys-store.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * The role that a route requires, or a list of roles of which one suffices; a route without it is rejected at
     * start-up. `public` is only for health and the API's own description.
     */
    role?: Role | readonly Role[] | 'public';
  }
  interface FastifyRequest {
    /** Set by authentication before any handler of a non-public route. */
    principal: Principal;
    /** Whether the key still counts; for answers that go on for long. */
    keyCounts(): Promise<boolean>;
  }
}

/** Default deny: a route that names no role stops the start, and a request without a valid key gets no further than here. */
export function addAuthentication(app: FastifyInstance, keys: KeysStore): void {
  app.decorateRequest('principal');
  app.decorateRequest('keyCounts', () => Promise.resolve(false));
  app.addHook('onRoute', refuseWithoutRole);
  app.addHook('onRequest', async (request) => {
    const role = request.routeOptions.config.role;
    // An unknown path has no route and gets a not-found response.
    if (role === 'public' || request.is404) return;
    refuseTwoKeys(request.raw.rawHeaders);
    const text = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const principal = text === undefined ? undefined : await keys.authenticate(text);
    if (!principal) throw unauthenticated(request.headers.authorization);
    request.principal = principal;
    request.keyCounts = async () => (await keys.authenticate(text ?? '')) !== undefined;
  });
}

/** Runs after the audit trail has noted the request, so that a refusal is in it too. */
export function addAuthorization(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    const role = request.routeOptions.config.role;
    if (role === 'public' || request.is404) return;
    if (role !== undefined && mayUse(request.principal, role)) return;
    throw new MillraceError(
      'FORBIDDEN',
      `${request.principal.name} lacks the role ${[role].flat().join(' or ')}.`,
      { details: { needs: role, has: request.principal.roles } },
    );
  });
}

/** `admin` may do all; every role but `scheduler` reads what is open to viewers; otherwise roles are not nested. */
export function mayUse({ roles }: Pick<Principal, 'roles'>, needed: Role | readonly Role[]): boolean {
  const anyOf = [needed].flat();
  const reads = roles.some((role) => role !== 'scheduler');
  return (
    roles.includes('admin') || anyOf.some((role) => roles.includes(role) || (role === 'viewer' && reads))
  );
}

/** Node keeps the first of several, a proxy may have checked another. */
function refuseTwoKeys(rawHeaders: readonly string[]): void {
  const given = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'authorization');
  if (given.length > 1)
    throw new MillraceError('UNAUTHENTICATED', 'The request carries more than one Authorization header.');
}

/** A programming error, detected at start-up, before any request. */
function refuseWithoutRole(route: RouteOptions): void {
  if (route.config?.role === undefined)
    throw new Error(`The route ${String(route.method)} ${route.url} names no role: set config.role.`);
}

function unauthenticated(header: string | undefined): MillraceError {
  const what =
    header === undefined
      ? 'The request carries no API key.'
      : 'The API key is malformed, unknown or revoked.';
  return new MillraceError('UNAUTHENTICATED', what);
}
