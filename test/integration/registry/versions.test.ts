import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { canonicalJson, sha256Hex } from '#configs/canonical.ts';
import type { RegisterVersion } from '#registry/commands/register-version.ts';
import { createRegistry } from '#registry/registry.ts';
import { clockAt, freshPair, trainedVersion, withRegistry } from '#test/support/registry.ts';

const CLIENTS = 50;

const stores = await withRegistry();

describe('versions of a pair', () => {
  it(`are 1 to ${CLIENTS}, each once, when ${CLIENTS} clients register at the same time`, async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    const commands = await Promise.all(Array.from({ length: CLIENTS }, () => trainedVersion(objects, pair)));
    const versions = await Promise.all(commands.map((command) => registry.registerVersion(command)));
    const expected = Array.from({ length: CLIENTS }, (_, i) => i + 1);
    assert.deepEqual(
      versions.map(({ version }) => version).toSorted((a, b) => a - b),
      expected,
    );
    const { items } = await registry.versions(pair, { limit: 200 });
    assert.deepEqual(
      items.map(({ version }) => version),
      expected.toReversed(),
    );
    assert.deepEqual(
      items.find(({ version }) => version === 17),
      versions.find(({ version }) => version === 17),
    );
    await registry.deliverDossier(pair);
    assert.deepEqual(await registry.verifyDossier(pair), {
      verified: true,
      entries: CLIENTS,
      copies: CLIENTS,
      problems: [],
    });
  });

  it(`are one when ${CLIENTS} clients repeat one registration, and when one training comes under two ids`, async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    const command = await trainedVersion(objects, pair);
    const versions = await Promise.all(
      Array.from({ length: CLIENTS }, () => registry.registerVersion(command)),
    );
    for (const version of versions) assert.deepEqual(version, versions[0]);
    const nextYear = createRegistry(stores.table, objects, clockAt('2027-01-01T00:00:00.000Z'));
    const later = await nextYear.registerVersion({ ...command, commandId: randomUUID() });
    assert.deepEqual(later, versions[0]);
    const { last_version, dossier } = await registry.state(pair);
    assert.deepEqual([last_version, dossier.count], [1, 1]);
  });

  it('bear times in the order of their numbers, however their commits race', async () => {
    const { table, objects } = stores;
    const pair = freshPair();
    let ticks = 0;
    const now = () => new Date(Date.parse('2026-01-01T00:00:00.000Z') + (ticks += 1));
    const registry = createRegistry(table, objects, { now });
    const commands = await Promise.all(Array.from({ length: 12 }, () => trainedVersion(objects, pair)));
    const made = await Promise.all(commands.map((command) => registry.registerVersion(command)));
    const times = made.toSorted((a, b) => a.version - b.version).map(({ created_at }) => created_at);
    assert.deepEqual(times, [...new Set(times)].sort());
    const entries = (await registry.dossier(pair)).items.map(({ at }) => at);
    assert.deepEqual(entries, times);
  });

  const tampered: readonly (readonly [
    string,
    string,
    (command: RegisterVersion) => Promise<RegisterVersion> | RegisterVersion,
  ])[] = [
    [
      'an artifact of which one byte was changed',
      'ARTIFACT_DIGEST_MISMATCH',
      async (command) => {
        const [artifact] = command.training.artifacts;
        assert.ok(artifact);
        const body = await stores.objects.get(artifact.key);
        body[0] = (body[0] ?? 0) ^ 1;
        await stores.objects.put(artifact.key, body);
        return command;
      },
    ],
    [
      'an artifact that is gone',
      'ARTIFACT_MISSING',
      async (command) => {
        await stores.objects.remove(command.training.artifacts.map(({ key }) => key));
        return command;
      },
    ],
    [
      'a manifest that was changed after the training',
      'ARTIFACT_DIGEST_MISMATCH',
      async (command) => {
        await stores.objects.put(command.manifest.key, '{}');
        return command;
      },
    ],
    [
      'other gates than the manifest has',
      'TRAINING_MANIFEST_DIFFERS',
      (command) => ({ ...command, training: { ...command.training, gates: [] } }),
    ],
    [
      'an artifact of another training',
      'ARTIFACT_PLACE_WRONG',
      (command) => ({
        ...command,
        training: {
          ...command.training,
          artifacts: [
            { name: 'model.onnx', key: 'models/elsewhere/model.onnx', size: 1, sha256: 'a'.repeat(64) },
          ],
        },
      }),
    ],
    [
      'the training of another pair',
      'ARTIFACT_PLACE_WRONG',
      (command) => ({ ...command, training: { ...command.training, model: 'other' } }),
    ],
    [
      'a card with other bytes',
      'CARD_UNREADABLE',
      (command) => ({
        ...command,
        card: { ...command.card, sha256: sha256Hex(canonicalJson({})).replace('4', '5') },
      }),
    ],
  ];
  for (const [what, code, tamper] of tampered) {
    it(`are refused with ${what}, and the registry is as it was`, async () => {
      const { registry, objects } = stores;
      const pair = freshPair();
      await registry.registerVersion(await trainedVersion(objects, pair));
      const before = await registry.state(pair);
      const command = await tamper(await trainedVersion(objects, pair));
      await assert.rejects(registry.registerVersion(command), { code });
      assert.deepEqual(await registry.state(pair), before);
    });
  }
});
