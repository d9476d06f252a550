import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createManifestStore, type ManifestKind } from '#platform/manifests/manifest-store.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { FaultProxy, Seen } from '#test/support/fault-proxy.ts';

/** A bucket that is reached directly, and over a network that a test can disturb. */
export interface DisturbedBucket extends AsyncDisposable {
  readonly objects: ObjectStore;
  readonly disturbed: ObjectStore;
  readonly network: FaultProxy;
}

export interface ManifestSubject<R, M extends R> {
  readonly kind: ManifestKind<R, M>;
  /** Each number names another folder. */
  readonly ref: (nth: number) => R;
  /** Puts the files of one attempt under names of its own, and gives the manifest that would commit them. */
  readonly upload: (objects: ObjectStore, ref: R, attempt: string) => Promise<M>;
}

/** What every kind of manifest must keep, on any object store. */
export function manifestStoreContract<R, M extends R>(
  name: string,
  open: () => Promise<DisturbedBucket>,
  { kind, ref, upload }: ManifestSubject<R, M>,
): void {
  describe(`manifest store: ${name}`, () => {
    let bucket: DisturbedBucket;
    let folders = 0;
    before(async () => {
      bucket = await open();
    });
    after(() => bucket[Symbol.asyncDispose]());

    const next = (): R => ref((folders += 1));
    const store = () => createManifestStore(bucket.objects, kind);
    const keys = (manifest: M): string[] => kind.filesOf(manifest).map(({ key }) => key);
    const puts =
      (of: R) =>
      ({ method, path }: Seen): boolean =>
        method === 'PUT' && path.includes(`/${store().keyOf(of)}`);

    async function keysIn(of: R): Promise<string[]> {
      const found: string[] = [];
      for await (const { key } of bucket.objects.list(kind.folderOf(of))) found.push(key);
      return found.toSorted();
    }

    async function flipByte(key: string): Promise<void> {
      const body = await bucket.objects.get(key);
      body[0] = (body[0] ?? 0) ^ 1;
      await bucket.objects.put(key, body);
    }

    it('lets one of ten concurrent commits win, and keeps only its files', async () => {
      const of = next();
      const attempts = Array.from({ length: 10 }, (_, nth) => `attempt-${nth}`);
      const manifests = await Promise.all(attempts.map((attempt) => upload(bucket.objects, of, attempt)));
      const answers = await Promise.all(manifests.map((manifest) => store().commit(manifest)));
      const [winner] = answers;
      assert.ok(winner);
      for (const answer of answers) assert.deepEqual(answer, winner);
      assert.deepEqual(await store().find(of), winner);
      assert.equal(manifests.filter((one) => keys(one)[0] === keys(winner.manifest)[0]).length, 1);
      assert.deepEqual(await keysIn(of), [winner.key, ...keys(winner.manifest)].toSorted());
      await store().verify(winner.manifest);
    });

    it('adopts the first of two commits, and leaves other folders alone', async () => {
      const [of, neighbour] = [next(), next()];
      const other = await store().commit(await upload(bucket.objects, neighbour, 'other'));
      const first = await store().commit(await upload(bucket.objects, of, 'first'));
      assert.deepEqual(await store().commit(await upload(bucket.objects, of, 'second')), first);
      assert.deepEqual(await store().commit(first.manifest), first, 'the same commit again');
      assert.deepEqual(await keysIn(of), [first.key, ...keys(first.manifest)].toSorted());
      assert.deepEqual(await store().find(neighbour), other);
      await store().verify(other.manifest);
    });

    it('wins when the answer to its own write is lost', async () => {
      const of = next();
      const manifest = await upload(bucket.objects, of, 'unheard');
      const held = bucket.network.hold('after', puts(of));
      const committing = createManifestStore(bucket.disturbed, kind).commit(manifest);
      await held.reached;
      held.drop();
      const committed = await committing;
      assert.deepEqual(committed.manifest, manifest);
      assert.deepEqual(await store().find(of), committed);
      await store().verify(manifest);
    });

    it('shows nothing before its manifest is written, and adopts the winner when its own arrives late', async () => {
      const of = next();
      const manifest = await upload(bucket.objects, of, 'late');
      const held = bucket.network.hold('before', puts(of));
      const committing = createManifestStore(bucket.disturbed, kind).commit(manifest);
      await held.reached;
      assert.equal(await store().find(of), undefined);
      const winner = await store().commit(await upload(bucket.objects, of, 'winner'));
      await held.release();
      assert.deepEqual(await committing, winner);
      assert.deepEqual(await keysIn(of), [winner.key, ...keys(winner.manifest)].toSorted());
    });

    it('shows nothing after a crash between files and manifest, and the next attempt commits', async () => {
      const of = next();
      const crashed = await upload(bucket.objects, of, 'crashed');
      assert.equal(await store().find(of), undefined);
      const committed = await store().commit(await upload(bucket.objects, of, 'again'));
      assert.deepEqual(await store().commit(crashed), committed);
    });

    it('rejects a commit whose file is missing, unless another one was committed', async () => {
      const of = next();
      const manifest = await upload(bucket.objects, of, 'swept');
      await bucket.objects.remove(keys(manifest).slice(0, 1));
      await assert.rejects(store().commit(manifest), { code: kind.codes.missing });
      assert.equal(await store().find(of), undefined);
      const winner = await store().commit(await upload(bucket.objects, of, 'winner'));
      assert.deepEqual(await store().commit(manifest), winner);
    });

    it('rejects a flipped byte in a file and in the manifest, and a file that is gone', async () => {
      const of = next();
      const { manifest, key, sha256 } = await store().commit(await upload(bucket.objects, of, 'tampered'));
      assert.deepEqual(await store().read({ key, sha256 }), manifest);
      await flipByte(keys(manifest)[0] ?? '');
      await assert.rejects(store().verify(manifest), { code: kind.codes.differs });
      await bucket.objects.remove(keys(manifest));
      await assert.rejects(store().verify(manifest), { code: kind.codes.missing });
      await flipByte(key);
      await assert.rejects(store().read({ key, sha256 }), { code: kind.codes.differs });
      await assert.rejects(store().find(of), { code: kind.codes.invalid });
      await bucket.objects.remove([key]);
      await assert.rejects(store().read({ key, sha256 }), { code: kind.codes.missing });
    });

    it('rejects a manifest copied from another folder, and removes nothing there', async () => {
      const [of, elsewhere] = [next(), next()];
      const other = await store().commit(await upload(bucket.objects, elsewhere, 'other'));
      const before = await keysIn(elsewhere);
      const copy = await bucket.objects.put(store().keyOf(of), await bucket.objects.get(other.key));
      await assert.rejects(store().find(of), { code: kind.codes.invalid });
      await assert.rejects(store().read(copy), { code: kind.codes.invalid });
      const late = await upload(bucket.objects, of, 'late');
      await assert.rejects(store().commit(late), { code: kind.codes.invalid });
      assert.deepEqual(await keysIn(elsewhere), before);
    });

    it('rejects JSON that is not a manifest of its kind', async () => {
      const of = next();
      await bucket.objects.put(store().keyOf(of), '{"parts":[]}');
      await assert.rejects(store().find(of), { code: kind.codes.invalid });
    });
  });
}
