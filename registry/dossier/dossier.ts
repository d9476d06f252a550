import { canonicalJson, sha256Hex } from '#configs/canonical.ts';
import type { Pair } from '#configs/pair.ts';

export const ENTRY_KINDS = [
  'version_registered',
  'approval_given',
  'version_approved',
  'card_revised',
  'version_rejected',
  'order_withdrawn',
  'deployment_scheduled',
  'deployment_cancelled',
  'deployment_promoted',
  'version_archived',
  'version_withdrawn',
  'rolled_back',
  'archive_finished',
  'spec_emitted',
  'spec_removed',
  'spec_lost',
  'alias_set',
  'alias_removed',
  'version_deleted',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** A command's contribution to the dossier; the chain adds the other fields. */
export interface EntryDraft {
  readonly kind: EntryKind;
  /** UTC instant. */
  readonly at: string;
  /** Who made the change: a principal of the API, or `reconciler`. */
  readonly principal: string;
  /** Plain JSON with the digests of all evidence for the entry. Never contains applicant data. */
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface DossierEntry extends Pair, EntryDraft {
  /** 1, 2, 3 … within the pair. */
  readonly seq: number;
  readonly command_id: string;
  /** SHA-256 of the previous entry; 64 zeros for the first. */
  readonly previous: string;
}

/** An entry as stored: the canonical JSON text and the SHA-256 of exactly these bytes. */
export interface StoredEntry {
  readonly text: string;
  readonly digest: string;
}

/** The end of a chain, stored apart from the entries so that truncation is detected. */
export interface ChainEnd {
  readonly count: number;
  readonly digest: string;
}

export const EMPTY_CHAIN: ChainEnd = { count: 0, digest: '0'.repeat(64) };

/** Appends new entries to a chain. */
export function extendChain(
  pair: Pair,
  commandId: string,
  end: ChainEnd,
  drafts: readonly EntryDraft[],
): { readonly entries: readonly StoredEntry[]; readonly end: ChainEnd } {
  const entries: StoredEntry[] = [];
  let { count, digest } = end;
  for (const draft of drafts) {
    count += 1;
    const text = canonicalJson({
      model: pair.model,
      feature_set: pair.feature_set,
      seq: count,
      command_id: commandId,
      previous: digest,
      ...draft,
    });
    digest = sha256Hex(text);
    entries.push({ text, digest });
  }
  return { entries, end: { count, digest } };
}

export function parseEntry(stored: StoredEntry): DossierEntry {
  return JSON.parse(stored.text) as DossierEntry;
}
