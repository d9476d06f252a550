import { MillraceError } from '#errors/millrace-error.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import { allOf } from '#platform/table/page.ts';
import type { Entities } from '../entities.ts';

/** A name in a pair that points to one version, until it is moved. */
export interface Alias extends Pair {
  readonly name: string;
  readonly version: number;
  /** Changes with every move, and never repeats within the pair. */
  readonly revision: number;
  readonly set_by: string;
  /** UTC instant. */
  readonly set_at: string;
}

/** Deleting a version removes its aliases in one transaction, which bounds their number. */
export const MOST_ALIASES = 50;

/** Always the version that is live, so nobody can set it. */
export const LIVE_ALIAS = 'live';

type AliasItem = NonNullable<Awaited<ReturnType<ReturnType<Entities['alias']['get']>['go']>>['data']>;

export function toAlias({ model, feature_set, name, version, revision, set_by, set_at }: AliasItem): Alias {
  return { model, feature_set, name, version, revision, set_by, set_at };
}

/** Strongly consistent. */
export async function findAlias(entities: Entities, pair: Pair, name: string): Promise<Alias | undefined> {
  const { data } = await entities.alias.get({ ...pair, name }).go({ consistent: true });
  return data === null ? undefined : toAlias(data);
}

/** By name; strongly consistent. */
export function aliasesOf(entities: Entities, pair: Pair): Promise<readonly Alias[]> {
  return allOf(entities.alias.query.byPair(pair), toAlias);
}

export function aliasNotFound(pair: Pair, name: string): MillraceError {
  return new MillraceError('ALIAS_NOT_FOUND', `The pair ${pairKey(pair)} has no alias ${name}.`, {
    where: pairKey(pair),
  });
}
