import pLimit from 'p-limit';
import type { AppliedConfigs } from '#catalog/applied-configs.ts';
import { documentsBehind } from '#catalog/authors.ts';
import { afterChange, type ConfigChange } from '#catalog/config-change.ts';
import type { ConfigStore } from '#catalog/config-store.ts';
import { inputsOf } from '#catalog/restricted-reading.ts';
import { documentKey, type DocumentKey } from '#configs/config-set.ts';
import { type Pair, pairKey } from '#configs/pair.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { Registry } from '#registry/registry.ts';
import type { Page, PageRequest } from '#platform/table/page.ts';
import type { Stage } from '#registry/versions/stage.ts';

export interface InUseDeps {
  readonly configs: Pick<ConfigStore, 'at'>;
  readonly registry: Pick<Registry, 'pairs' | 'search' | 'state' | 'version'>;
}

const READS_AT_ONCE = 16;

/** A reason why a document cannot be removed. */
interface Use {
  readonly document: DocumentKey;
  /** Ends a sentence that names the document: `Model/churn reads it`. */
  readonly because: string;
}

/**
 * Throws `CONFIG_IN_USE` if an applied document that stays reads a removed one, or if a version that is live, scheduled or
 * waiting was made from it. The listings come from an index that may lag briefly; a version that is missed still finds the
 * configs that it was made with.
 */
export async function refuseInUse(
  deps: InUseDeps,
  base: AppliedConfigs,
  change: ConfigChange,
): Promise<void> {
  if (change.remove.length === 0) return;
  const removed = new Set(change.remove);
  const uses = [...readersLeft(base, change, removed), ...(await versionsUsing(deps, removed))];
  const [first] = uses;
  if (first === undefined) return;
  const more = uses.length === 1 ? '' : ` ${uses.length - 1} more reasons are listed.`;
  throw new MillraceError('CONFIG_IN_USE', `${first.document} cannot be removed: ${first.because}.${more}`, {
    where: first.document,
    details: { problems: uses },
  });
}

function readersLeft(
  base: AppliedConfigs,
  change: ConfigChange,
  removed: ReadonlySet<DocumentKey>,
): readonly Use[] {
  const after = afterChange(base.configs, change);
  // A document of the files that refers to a removed one is a problem at a place of these files.
  const declared = new Set(change.documents.map(documentKey));
  const readers = [...after.featureSets.values(), ...after.models.values()];
  return readers
    .filter((reader) => !declared.has(documentKey(reader)))
    .flatMap((reader) =>
      inputsOf(after, reader.kind, reader.name)
        .map((input) => documentKey(input))
        .filter((document) => removed.has(document))
        .map((document) => ({ document, because: `${documentKey(reader)} reads it` })),
    );
}

/** A version that needs the documents it was made from. */
interface UsingVersion {
  readonly pair: Pair;
  readonly version: number;
  /** Ends a sentence that names the version: `is live`. */
  readonly how: string;
}

async function versionsUsing(deps: InUseDeps, removed: ReadonlySet<DocumentKey>): Promise<readonly Use[]> {
  const { registry } = deps;
  const limit = pLimit(READS_AT_ONCE);
  const pairs = await allPages((page) => registry.pairs(page));
  const versions = await Promise.all([
    waiting(registry, 'registered', 'waits for approval'),
    waiting(registry, 'approved', 'is approved and waits for deployment'),
    ...pairs.map((pair) => limit(() => deployed(registry, pair))),
  ]);
  const uses = await Promise.all(versions.flat().map((one) => limit(() => usesOf(deps, one, removed))));
  return uses.flat();
}

async function waiting(registry: InUseDeps['registry'], stage: Stage, how: string): Promise<UsingVersion[]> {
  const found = await allPages((page) => registry.search({ stage }, page));
  return found.map(({ model, feature_set, version }) => ({ pair: { model, feature_set }, version, how }));
}

async function deployed(registry: InUseDeps['registry'], pair: Pair): Promise<UsingVersion[]> {
  const { live, scheduled } = await registry.state(pair);
  return [
    ...(live === null ? [] : [{ pair, version: live.version, how: 'is live' }]),
    ...scheduled.map(({ version }) => ({ pair, version, how: 'is scheduled to go live' })),
  ];
}

async function usesOf(
  { configs, registry }: InUseDeps,
  { pair, version, how }: UsingVersion,
  removed: ReadonlySet<DocumentKey>,
): Promise<readonly Use[]> {
  const { configs: digest } = await registry.version(pair, version);
  const behind: ReadonlySet<string> = documentsBehind((await configs.at(digest)).configs, pair);
  const because = `version ${version} of ${pairKey(pair)} was made from it and ${how}`;
  return [...removed].filter((key) => behind.has(key)).map((document) => ({ document, because }));
}

async function allPages<T>(read: (page: PageRequest) => Promise<Page<T>>): Promise<readonly T[]> {
  const found: T[] = [];
  let after: string | undefined;
  do {
    const page = await read({ limit: 200, ...(after !== undefined && { after }) });
    found.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return found;
}
