import type { KeysStore } from '#access/keys-store.ts';

export interface AdminKey {
  readonly id: string;
  /** The key itself; nobody can read it again. */
  readonly text: string;
}

/**
 * The first key of an installation, made by whoever holds the table's credentials. Idempotent: `undefined` when an admin
 * key exists. `another` makes one more all the same, for an installation whose admins have lost theirs.
 */
export async function bootstrapAdminKey(
  keys: KeysStore,
  { name = 'admin', another = false }: { readonly name?: string; readonly another?: boolean } = {},
): Promise<AdminKey | undefined> {
  const made = another
    ? await keys.create({ name, roles: ['admin'], createdBy: 'bootstrap' })
    : await keys.createFirstAdmin(name);
  return made && { id: made.key.id, text: made.text };
}
