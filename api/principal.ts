import 'fastify';

/** From least to most; each route names the one it needs, `admin` may do all. Roles are not nested otherwise. */
export const ROLES = ['viewer', 'scientist', 'approver', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who is asking: resolved from an API key. */
export interface Principal {
  /** Stands in audit entries, as author or approver. */
  readonly name: string;
  readonly roles: readonly Role[];
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * The role a route needs, or a list of which one is enough; a route without it is refused at start-up. `public` is for
     * health and the API's own description alone.
     */
    role?: Role | readonly Role[] | 'public';
  }
  interface FastifyRequest {
    /** Set by the API's authentication before any handler of a non-public route. */
    principal: Principal;
    /**
     * Names what the caller wants done once, for commands that are idempotent by it: the caller's `Idempotency-Key`, else the
     * id of this request. Set by the API before any handler.
     */
    commandId: string;
  }
}
