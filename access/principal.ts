/** From least to most; each route names the one it needs, `admin` may do all. Roles are not nested otherwise. */
export const ROLES = ['viewer', 'scientist', 'approver', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who is asking: resolved from an API key. */
export interface Principal {
  /** Stands in audit entries, as author or approver. */
  readonly name: string;
  readonly roles: readonly Role[];
}
