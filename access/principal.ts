/**
 * Each route names the role it requires, and `admin` may do everything. Other roles are not nested, except that every role
 * but `scheduler` may read what `viewer` may. `scheduler` starts scoring and reads its run, nothing else.
 */
export const ROLES = ['viewer', 'scheduler', 'scientist', 'approver', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** The caller, resolved from an API key. */
export interface Principal {
  /** Recorded in audit entries, and as author or approver. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** Teams whose documents the key may act on, as their `owner` names them. An admin acts on all. */
  readonly teams: readonly string[];
}
