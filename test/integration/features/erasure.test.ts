import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { canonicalJson, sha256Hex } from '#configs/canonical.ts';
import type { PartFile, PartitionManifest } from '#features/partitions/partition.ts';
import { manifestKey } from '#features/partitions/manifest.ts';
import { withScratchFolder } from '#platform/local-files.ts';
import { type ChainEnd, EMPTY_CHAIN, extendChain, type StoredEntry } from '#registry/dossier/dossier.ts';
import { verifyBlock, verifyEnd } from '#registry/dossier/verify-dossier.ts';
import { configsOf, featureSet } from '#test/support/feature-configs.ts';
import { type FeatureLake, putAccounts, putPayments, withFeatureLake } from '#test/support/feature-lake.ts';
import { writeParquet } from '#test/support/parquet.ts';

const PAIR = { model: 'default_risk', feature_set: 'behaviour' };
const DT = '2024-02-01';

/** A statement beside a manifest, as `docs/decisions/0043-erasure-adds-a-statement.md` describes it. */
interface Erasure {
  readonly manifest_sha256: string;
  readonly parts: readonly { readonly before: PartFile; readonly after: PartFile }[];
}

/** The parts that a reader takes: those of the manifest, with every statement applied in order. */
function partsAfter({ parts }: PartitionManifest, erasures: readonly Erasure[]): readonly PartFile[] {
  return erasures.reduce<readonly PartFile[]>(
    (now, erasure) =>
      now.map((part) => erasure.parts.find(({ before }) => before.sha256 === part.sha256)?.after ?? part),
    parts,
  );
}

/** Rewrites the partition without one account, enters the statement in the chain, and deletes the old part. */
async function erase(lake: FeatureLake, manifest: PartitionManifest, account: number): Promise<Erasure> {
  const [before] = manifest.parts;
  assert.ok(before !== undefined);
  const after = await withScratchFolder(join(tmpdir(), 'millrace-test'), async (folder) => {
    const [old, kept] = [join(folder, 'old.parquet'), join(folder, 'kept.parquet')];
    await lake.objects.getFile(before.key, old);
    await writeParquet(
      kept,
      `SELECT * FROM read_parquet('${old}') WHERE account <> ${account} ORDER BY account`,
    );
    const key = before.key.replace(/[^/]+$/, 'part-000-without-1.parquet');
    const { size, sha256 } = await lake.objects.putFile(key, kept);
    return { key, size, sha256, rows: before.rows - 1 };
  });
  const manifestText = await lake.objects.get(manifestKey(manifest));
  const statement = { manifest_sha256: sha256Hex(manifestText.toString()), parts: [{ before, after }] };
  const { written } = await lake.objects.putIfAbsent(
    manifestKey(manifest).replace('manifest.json', 'erasure-1.json'),
    canonicalJson(statement),
    'application/json',
  );
  assert.ok(written);
  await lake.objects.remove([before.key]);
  return statement;
}

function chain(facts: readonly Readonly<Record<string, unknown>>[]): {
  entries: Map<number, StoredEntry>;
  end: ChainEnd;
} {
  const drafts = facts.map((one) => ({
    kind: 'version_registered' as const,
    at: '2024-03-01T00:00:00.000Z',
    principal: 'test',
    facts: one,
  }));
  const { entries, end } = extendChain(PAIR, 'command', EMPTY_CHAIN, drafts);
  return { entries: new Map(entries.map((entry, index) => [index + 1, entry])), end };
}

test('one entity is erased from a partition while manifest, parts and dossier still verify', async () => {
  await withFeatureLake(async (lake) => {
    await putAccounts(lake);
    await putPayments(lake, 'a', [1, '2024-01-10', 7, '2024-01-11'], [2, '2024-01-12', 8, '2024-01-13']);
    const set = featureSet();
    const configs = configsOf(set);
    const manifest = await lake.commit(lake.ref(set, configs, DT), configs);
    const recorded = sha256Hex((await lake.objects.get(manifestKey(manifest))).toString());
    assert.deepEqual(await accounts(lake, manifest.parts), [1, 2]);

    const erasure = await erase(lake, manifest, 2);
    const statement = sha256Hex(canonicalJson(erasure));
    const { entries, end } = chain([{ manifest_sha256: recorded }, { erasure_sha256: statement }]);
    const block = { from: 1, through: 2, entries, copies: new Map() };
    const { problems, reached } = verifyBlock(PAIR, block, { end, copied: 0 }, EMPTY_CHAIN);
    assert.deepEqual([...problems, ...verifyEnd(end, reached, { entries: [], copies: [] })], []);

    // The manifest that the first entry vouches for is unchanged, and so is everything that its digest went into.
    assert.equal(sha256Hex((await lake.objects.get(manifestKey(manifest))).toString()), recorded);
    assert.deepEqual(await lake.partitions.get(manifest), manifest);
    assert.equal(erasure.manifest_sha256, recorded);

    const now = partsAfter(manifest, [erasure]);
    assert.deepEqual(await accounts(lake, now), [1]);
    const [part] = now;
    assert.equal(sha256Hex(await lake.objects.get(part?.key ?? '')), part?.sha256);
    // Nothing in the folder holds the account any more, and a reader that ignores the statement finds no part.
    await assert.rejects(accounts(lake, manifest.parts), { code: 'OBJECT_NOT_FOUND' });
    assert.deepEqual(await accounts(lake, await partsInFolder(lake)), [1]);
  });
});

async function partsInFolder(lake: FeatureLake): Promise<{ key: string }[]> {
  const keys = await lake.keys('features/');
  return keys.filter((key) => key.endsWith('.parquet')).map((key) => ({ key }));
}

async function accounts(lake: FeatureLake, parts: readonly { readonly key: string }[]): Promise<number[]> {
  const found: unknown[] = [];
  for (const { key } of parts) found.push(...(await lake.rows(key, 'account')));
  return found.map((row) => Number((row as { account: unknown }).account));
}
