import { MillraceError } from '#errors/millrace-error.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import { commitToPair, type Put, type RegistryStore } from '../commit-to-pair.ts';
import { aliasesOf, findAlias, LIVE_ALIAS, MOST_ALIASES, type Alias } from '../labels/alias.ts';
import { checkPrecondition, type Precondition } from '../labels/precondition.ts';
import { readStage } from '../read-items.ts';
import { listingShard } from '../shards.ts';

export interface SetAlias {
  readonly pair: Pair;
  readonly name: string;
  readonly version: number;
  /** Compared with the alias's `revision`. */
  readonly expected: Precondition;
  readonly principal: string;
  readonly commandId: string;
}

/**
 * Points an alias to a version, if it is still where the caller saw it. Throws `ALIAS_RESERVED`, `ALIASES_TOO_MANY`,
 * `VERSION_NOT_FOUND`, `VERSION_DELETED`, `PRECONDITION_FAILED`.
 */
export async function setAlias(store: RegistryStore, input: SetAlias): Promise<Alias> {
  const { entities } = store;
  const { pair, name, version, expected, principal, commandId } = input;
  if (name === LIVE_ALIAS) {
    throw new MillraceError('ALIAS_RESERVED', `The alias ${name} always names the live version.`);
  }
  const command = { pair, kind: 'set_alias', commandId, subject: { name, version } };
  return commitToPair<Alias>(store, command, async ({ seq }, { at }) => {
    const [known] = await Promise.all([findAlias(entities, pair, name), readStage(entities, pair, version)]);
    checkPrecondition(`The alias ${name} of ${pairKey(pair)}`, known && String(known.revision), expected);
    if (known?.version === version) return { unchanged: known };
    if (known === undefined) await refuseMore(store, pair);
    const alias: Alias = { ...pair, name, version, revision: seq + 1, set_by: principal, set_at: at };
    return {
      head: {},
      entries: [
        {
          kind: 'alias_set',
          at,
          principal,
          facts: { alias: name, version, previous_version: known?.version ?? null },
        },
      ],
      items: [{ Put: entities.alias.put({ ...alias, listing_shard: listingShard(pair) }).params<Put>() }],
      result: alias,
    };
  });
}

async function refuseMore({ entities }: RegistryStore, pair: Pair): Promise<void> {
  const all = await aliasesOf(entities, pair);
  if (all.length < MOST_ALIASES) return;
  throw new MillraceError('ALIASES_TOO_MANY', `The pair ${pairKey(pair)} has ${all.length} aliases.`, {
    where: pairKey(pair),
    details: { most: MOST_ALIASES },
  });
}
