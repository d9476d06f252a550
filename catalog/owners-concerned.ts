import { digestOf } from '#configs/canonical.ts';
import {
  documentKey,
  findDocument,
  type ConfigDocument,
  type ConfigSet,
  type DocumentKey,
} from '#configs/config-set.ts';
import type { OwnerConcerned } from '#configs/owner-concerned.ts';
import type { SourceConfig } from '#configs/source.ts';
import { readersOf } from './owners.ts';
import { inputsOf, restrictedTo } from './restricted-reading.ts';

/**
 * The teams without which `before` may not become `after`: the owners of every document that is new, changed or gone, both
 * owners of one that moves, for a change of `sensitive` also the owners of everything that reads the source, the owners of
 * sources whose files a source begins to read, and the owner of a restricted document that another one begins to read. Excludes the Platform document, which no team owns.
 */
export function ownersConcerned(before: ConfigSet, after: ConfigSet): OwnerConcerned[] {
  const concerned = changes(before, after).flatMap((change) => [
    ...documentOwners(change),
    ...sensitivityOwners(change, [before, after]),
    ...locationOwners(change, [before, after]),
    ...restrictedInputOwners(change, before, after),
  ]);
  const unique = new Map(concerned.map((one) => [`${one.document} ${one.team}`, one]));
  return [...unique.values()];
}

type Owned = Exclude<ConfigDocument, { kind: 'Platform' }>;

interface Change {
  readonly key: DocumentKey;
  readonly old: Owned | undefined;
  readonly new: Owned | undefined;
}

function changes(before: ConfigSet, after: ConfigSet): Change[] {
  const all = [...ownedDocuments(before), ...ownedDocuments(after)];
  const named = new Map(all.map((document) => [documentKey(document), document]));
  return [...named].flatMap(([key, document]) => {
    const change = {
      key,
      old: owned(findDocument(before, document)),
      new: owned(findDocument(after, document)),
    };
    return change.old === change.new || sameContent(change.old, change.new) ? [] : [change];
  });
}

function ownedDocuments({ sources, featureSets, models }: ConfigSet): Owned[] {
  return [...sources.values(), ...featureSets.values(), ...models.values()];
}

function owned(document: ConfigDocument | undefined): Owned | undefined {
  return document?.kind === 'Platform' ? undefined : document;
}

function sameContent(one: Owned | undefined, other: Owned | undefined): boolean {
  return one !== undefined && other !== undefined && digestOf(one) === digestOf(other);
}

function documentOwners({ key, ...change }: Change): OwnerConcerned[] {
  const from = change.old?.owner;
  const to = change.new?.owner;
  return [
    ...(from === undefined ? [] : [{ team: from, document: key, because: `which owns ${key}` }]),
    ...(to === undefined || to === from
      ? []
      : [
          {
            team: to,
            document: key,
            because: `which ${from === undefined ? 'will own' : 'takes over'} ${key}`,
          },
        ]),
  ];
}

/** What is sensitive decides what may be a feature of every set below, so their teams have a say. */
function sensitivityOwners(change: Change, states: readonly ConfigSet[]): OwnerConcerned[] {
  const { key, old, new: next } = change;
  if (old?.kind !== 'Source' || next?.kind !== 'Source' || sensitiveOf(old) === sensitiveOf(next)) return [];
  return states
    .flatMap((configs) => readersOf(configs, next.name))
    .map(({ team, document }) => ({
      team,
      document,
      because: `whose ${document} reads ${key}, and its sensitive columns change`,
    }));
}

/** Two sources may read the same files, so what one team has marked as sensitive or restricted another could unmark. */
function locationOwners({ key, old, new: next }: Change, states: readonly ConfigSet[]): OwnerConcerned[] {
  if (next?.kind !== 'Source') return [];
  if (old?.kind === 'Source' && old.location === next.location && old.owner === next.owner) return [];
  return states
    .flatMap(({ sources }) => [...sources.values()])
    .filter(
      ({ name, owner, location }) =>
        name !== next.name && owner !== next.owner && overlap(location, next.location),
    )
    .map(({ name, owner, location }) => ({
      team: owner,
      document: key,
      because: `whose Source/${name} reads ${location}, and ${key} begins to read ${next.location}`,
    }));
}

/** Both end in `/`. */
function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

/** Who owns a document may read what it derives, so an owner of a restricted input consents to each new reader. */
function restrictedInputOwners({ key, old, new: next }: Change, before: ConfigSet, after: ConfigSet) {
  if (next === undefined) return [];
  const known = old?.owner === next.owner ? inputsOf(before, old.kind, old.name) : [];
  return inputsOf(after, next.kind, next.name)
    .filter((input) => !known.some(({ kind, name }) => kind === input.kind && name === input.name))
    .flatMap(({ kind, name }) => restrictedTo(after, kind, name) ?? [])
    .map(({ team, document }) => ({
      team,
      document,
      because: `which alone reads ${document}, and ${key} begins to read it`,
    }));
}

/** The order of the list means nothing. */
function sensitiveOf({ sensitive }: SourceConfig): string {
  return sensitive.toSorted().join();
}
