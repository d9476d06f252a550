import pLimit from 'p-limit';
import { canonicalJson, digestOf } from '#configs/canonical.ts';
import type { ConfigDocument, DocumentKey } from '#configs/config-set.ts';
import { documentKey, withDocuments } from '#configs/config-set.ts';
import { documentSchemas } from '#configs/document-schemas.ts';
import { noConfigs } from '#configs/load.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { getIfPresent } from '#platform/objects/verified-object.ts';
import { type AppliedConfigs, type ConfigState, EMPTY_BASE_DIGEST, EMPTY_STATE } from './applied-configs.ts';

const READS_AT_ONCE = 16;
const DOCUMENTS_KEPT = 5_000;
const STATES_KEPT = 32;

/**
 * Documents and states in the bucket, named by their digests: `configs/documents/<digest>.json`, `configs/states/<digest>.json`.
 * The current state is recorded elsewhere; objects that no head refers to have no effect. Reads are cached by digest.
 */
export function createConfigObjects(objects: ObjectStore) {
  const documents = new Map<string, ConfigDocument>();
  const states = new Map<string, AppliedConfigs>();
  const limit = pLimit(READS_AT_ONCE);

  async function read(key: string, digest: string): Promise<unknown> {
    const body = await getIfPresent(objects, key);
    if (body === undefined) throw damaged(key, 'is missing');
    let value: unknown;
    try {
      value = JSON.parse(body.toString('utf8'));
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
      throw damaged(key, 'is not JSON', cause);
    }
    if (digestOf(value) !== digest) throw damaged(key, 'does not have the digest in its name');
    return value;
  }

  async function write(key: string, value: unknown): Promise<void> {
    // The name is the digest of the content, so an existing object is the same.
    await objects.putIfAbsent(key, canonicalJson(value), 'application/json');
  }

  async function document(key: DocumentKey, digest: string): Promise<ConfigDocument> {
    const kept = documents.get(digest);
    if (kept !== undefined) return kept;
    const stored = parseStored(await read(documentObject(digest), digest));
    if (stored === undefined || documentKey(stored) !== key) {
      throw damaged(documentObject(digest), `is not the document ${key}`);
    }
    keep(documents, digest, stored, DOCUMENTS_KEPT);
    return stored;
  }

  return {
    /** The documents of a state. Throws `CONFIG_STATE_DAMAGED`. */
    async state(digest: string): Promise<AppliedConfigs> {
      const kept = states.get(digest);
      if (kept !== undefined) return kept;
      const state =
        digest === EMPTY_BASE_DIGEST
          ? EMPTY_STATE
          : ((await read(stateObject(digest), digest)) as ConfigState);
      const entries = Object.entries(state.documents) as [
        DocumentKey,
        ConfigState['documents'][DocumentKey],
      ][];
      const found = await Promise.all(
        entries.map(([key, entry]) => limit(() => document(key, entry.digest))),
      );
      const applied: AppliedConfigs = {
        base_digest: digest,
        revision: state.revision,
        configs: withDocuments(noConfigs, found),
        authors: new Map(entries.map(([key, { author }]) => [key, author])),
        digests: new Map(entries.map(([key, entry]) => [key, entry.digest])),
      };
      keep(states, digest, applied, STATES_KEPT);
      return applied;
    },
    /** Whether a state exists. Does not read its documents. */
    has: async (digest: string): Promise<boolean> =>
      digest === EMPTY_BASE_DIGEST ||
      states.has(digest) ||
      (await objects.head(stateObject(digest))) !== undefined,
    async writeDocuments(written: readonly ConfigDocument[]): Promise<void> {
      await Promise.all(written.map((one) => limit(() => write(documentObject(digestOf(one)), one))));
    },
    async writeState(state: ConfigState): Promise<string> {
      const digest = digestOf(state);
      await write(stateObject(digest), state);
      return digest;
    },
  };
}

function documentObject(digest: string): string {
  return `configs/documents/${digest}.json`;
}

function stateObject(digest: string): string {
  return `configs/states/${digest}.json`;
}

/** A stored document in today's schema, with defaults for keys added later. Undefined if it no longer parses. */
function parseStored(value: unknown): ConfigDocument | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined;
  const { kind } = value;
  if (kind === 'FeatureSet') {
    const { sql_text, macro_texts, ...yaml } = value as Record<string, unknown>;
    const parsed = documentSchemas.FeatureSet.safeParse(yaml);
    if (!parsed.success || typeof sql_text !== 'string' || !isTexts(macro_texts)) return undefined;
    return { ...parsed.data, sql_text, macro_texts };
  }
  if (kind !== 'Source' && kind !== 'Model' && kind !== 'Platform') return undefined;
  return documentSchemas[kind].safeParse(value).data;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

function damaged(key: string, how: string, cause?: unknown): MillraceError {
  return new MillraceError('CONFIG_STATE_DAMAGED', `${key} ${how}`, { where: key, cause });
}

function keep<T>(cache: Map<string, T>, digest: string, value: T, most: number): void {
  if (cache.size >= most) {
    const [oldest] = cache.keys();
    if (oldest !== undefined) cache.delete(oldest);
  }
  cache.set(digest, value);
}
