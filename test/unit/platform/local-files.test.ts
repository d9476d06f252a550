import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import {
  sweepScratch,
  withScratchFolder,
  writeFileAtomically,
  writeFileOnce,
} from '#platform/local-files.ts';

it('removes the scratch folder when the work is done and when it fails', async () => {
  let path = '';
  const size = await withScratchFolder(tmpdir(), async (folder) => {
    path = folder;
    await writeFile(join(folder, 'a'), 'x');
    return (await readdir(folder)).length;
  });
  assert.equal(size, 1);
  assert.equal(existsSync(path), false);
  const failing = withScratchFolder(tmpdir(), (folder) => {
    path = folder;
    return Promise.reject(new Error('broken'));
  });
  await assert.rejects(failing, /broken/);
  assert.equal(existsSync(path), false);
});

it('lets one of many writers write a file once, and shows it whole', async () => {
  await withScratchFolder(tmpdir(), async (folder) => {
    const path = join(folder, 'claim');
    const writers = Array.from({ length: 20 }, (_, n) => writeFileOnce(path, String(n).repeat(10_000)));
    const won = (await Promise.all(writers)).flatMap((first, n) => (first ? [n] : []));
    assert.equal(won.length, 1);
    assert.equal(await readFile(path, 'utf8'), String(won[0]).repeat(10_000));
    assert.deepEqual(await readdir(folder), ['claim']);
  });
});

it('replaces a file atomically and leaves no draft', async () => {
  await withScratchFolder(tmpdir(), async (folder) => {
    await writeFileAtomically(join(folder, 'a'), 'first');
    await writeFileAtomically(join(folder, 'a'), 'second');
    assert.equal(await readFile(join(folder, 'a'), 'utf8'), 'second');
    assert.deepEqual(await readdir(folder), ['a']);
  });
});

it('sweeps scratch folders that a killed process left, and no others', async () => {
  await withScratchFolder(tmpdir(), async (root) => {
    await mkdir(join(root, 'scratch-old', 'deep'), { recursive: true });
    await mkdir(join(root, 'scratch-new'));
    const yesterday = new Date(Date.now() - 25 * 3_600_000);
    await utimes(join(root, 'scratch-old'), yesterday, yesterday);
    await sweepScratch(root, 24 * 3_600_000);
    assert.deepEqual(await readdir(root), ['scratch-new']);
  });
});
