import type { AppliedConfigs } from '#catalog/applied-configs.ts';
import { type ConfigDocument, documentKey, type DocumentKey, findDocument } from '#configs/config-set.ts';
import { MillraceError } from '#errors/millrace-error.ts';

/** Which applied documents shall be removed. */
export interface Removal {
  /** Keys, such as `Model/churn`. */
  readonly remove?: readonly string[] | undefined;
  /** All documents of these teams that the files do not declare. The Platform document belongs to no team. */
  readonly pruneTeams?: readonly string[] | undefined;
}

/** Keys of the documents to remove, sorted. Throws `CONFIG_NOT_FOUND` and `REQUEST_INVALID` for a key that is declared. */
export function documentsToRemove(
  { digests, configs }: AppliedConfigs,
  declared: readonly ConfigDocument[],
  { remove = [], pruneTeams = [] }: Removal,
): readonly DocumentKey[] {
  const kept = new Set(declared.map(documentKey));
  const named = remove.map((key) => {
    const known = [...digests.keys()].find((applied) => applied === key);
    if (known === undefined) throw notApplied(key);
    if (kept.has(known)) throw declaredToo(known);
    return known;
  });
  const teams = new Set(pruneTeams);
  const pruned = [...digests.keys()].filter((key) => {
    const owner = ownerOf(configs, key);
    return owner !== undefined && teams.has(owner) && !kept.has(key);
  });
  return [...new Set([...named, ...pruned])].toSorted();
}

function ownerOf(configs: AppliedConfigs['configs'], key: DocumentKey): string | undefined {
  const [kind, name = ''] = key.split('/', 2) as [ConfigDocument['kind'], string?];
  const document = findDocument(configs, { kind, name });
  return document === undefined || document.kind === 'Platform' ? undefined : document.owner;
}

function notApplied(key: string): MillraceError {
  return new MillraceError('CONFIG_NOT_FOUND', `${key} is not applied, so it cannot be removed.`, {
    where: key,
  });
}

function declaredToo(key: DocumentKey): MillraceError {
  return new MillraceError('REQUEST_INVALID', `${key} is to be removed, but the files declare it.`, {
    where: key,
  });
}
