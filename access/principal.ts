/**
 * From least to most powerful. Each route names the role it requires, and `admin` may do everything. Other roles are
 * not nested.
 */
export const ROLES = ['viewer', 'scientist', 'approver', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** The caller, resolved from an API key. */
export interface Principal {
  /** Recorded in audit entries, and as author or approver. */
  readonly name: string;
  readonly roles: readonly Role[];
}
