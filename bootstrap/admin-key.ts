import type { KeysStore } from '#access/keys-store.ts';

export interface AdminKey {
  readonly id: string;
  /** The key itself; it cannot be read again. */
  readonly text: string;
}

/**
 * Creates the first key of an installation, with the credentials of the table. Idempotent: returns `undefined` if an
 * admin key exists. `another` creates one more anyway, for an installation whose admins have lost theirs.
 */
export async function bootstrapAdminKey(
  keys: KeysStore,
  { name = 'admin', another = false }: { readonly name?: string; readonly another?: boolean } = {},
): Promise<AdminKey | undefined> {
  const made = another
    ? await keys.create({ name, roles: ['admin'], teams: [], createdBy: 'bootstrap' })
    : await keys.createFirstAdmin(name);
  return made && { id: made.key.id, text: made.text };
}
