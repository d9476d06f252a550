import { pairKey, type Pair } from '#configs/pair.ts';
import { commitToPair, type Delete, type RegistryStore } from '../commit-to-pair.ts';
import { aliasNotFound, findAlias, type Alias } from '../labels/alias.ts';
import { checkPrecondition, type Precondition } from '../labels/precondition.ts';

export interface RemoveAlias {
  readonly pair: Pair;
  readonly name: string;
  /** Compared with the alias's `revision`. */
  readonly expected: Precondition;
  readonly principal: string;
  readonly commandId: string;
}

/** Removes an alias and returns what it was. Throws `ALIAS_NOT_FOUND`, `PRECONDITION_FAILED`. */
export async function removeAlias(store: RegistryStore, input: RemoveAlias): Promise<Alias> {
  const { entities } = store;
  const { pair, name, expected, principal, commandId } = input;
  const command = { pair, kind: 'remove_alias', commandId, subject: { name } };
  return commitToPair<Alias>(store, command, async (_state, { at }) => {
    const known = await findAlias(entities, pair, name);
    if (known === undefined) throw aliasNotFound(pair, name);
    checkPrecondition(`The alias ${name} of ${pairKey(pair)}`, String(known.revision), expected);
    return {
      head: {},
      entries: [{ kind: 'alias_removed', at, principal, facts: { alias: name, version: known.version } }],
      items: [{ Delete: entities.alias.delete({ ...pair, name }).params<Delete>() }],
      result: known,
    };
  });
}
