import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  EMPTY_CHAIN,
  extendChain,
  parseEntry,
  type ChainEnd,
  type StoredEntry,
} from '#registry/dossier/dossier.ts';
import type { CopyState } from '#registry/dossier/segments.ts';
import { verifyBlock, verifyEnd } from '#registry/dossier/verify-dossier.ts';

const pair = { model: 'm', feature_set: 'f' };

function chain(entries: number) {
  return extendChain(
    pair,
    'command',
    EMPTY_CHAIN,
    Array.from({ length: entries }, (_, i) => ({
      kind: 'version_registered' as const,
      at: '2026-01-01T00:00:00.000Z',
      principal: 'ada',
      facts: { version: i + 1, note: 'Grüße' },
    })),
  );
}

function copiesOf(entries: readonly StoredEntry[]): Map<number, string> {
  return new Map(entries.map(({ text }, i) => [i + 1, text]));
}

/** As the registry checks a dossier: in blocks of `size` entries, then the end. `entries` are numbered from 1. */
function verifyDossier(
  entries: readonly StoredEntry[],
  end: ChainEnd,
  copied: number,
  copies: ReadonlyMap<number, string>,
  size = 2,
) {
  const stored = new Map(entries.map((entry, i) => [i + 1, entry]));
  const states = new Map(
    [...copies].map(([seq, text]): [number, CopyState] => [
      seq,
      stored.get(seq)?.text === text ? 'same' : 'other',
    ]),
  );
  const problems = [];
  let reached = EMPTY_CHAIN;
  for (let from = 1; from <= end.count; from += size) {
    const block = { from, through: Math.min(from + size - 1, end.count), entries: stored, copies: states };
    const checked = verifyBlock(pair, block, { end, copied }, reached);
    problems.push(...checked.problems);
    reached = checked.reached;
  }
  const beyond = (numbers: Iterable<number>) => [...numbers].filter((seq) => seq > end.count);
  problems.push(
    ...verifyEnd(end, reached, { entries: beyond(stored.keys()), copies: beyond(copies.keys()) }),
  );
  return { verified: problems.length === 0, problems };
}

function flipped(text: string, at: number, bit: number): string {
  const bytes = Buffer.from(text, 'utf8');
  const place = at % bytes.length;
  bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
  return bytes.toString('utf8');
}

describe('the chain of a dossier', () => {
  it('verifies as it was written, whole and in parts', () => {
    const first = chain(3);
    const more = extendChain(pair, 'again', first.end, [
      { kind: 'version_approved', at: '2026-01-02T00:00:00.000Z', principal: 'grace', facts: {} },
    ]);
    const entries = [...first.entries, ...more.entries];
    for (const size of [1, 2, 3, 4, 100]) {
      assert.deepEqual(verifyDossier(entries, more.end, 4, copiesOf(entries), size), {
        verified: true,
        problems: [],
      });
    }
    assert.equal(entries.map(parseEntry).at(-1)?.seq, 4);
  });

  it('names the entry in which one bit was flipped', () => {
    const { entries, end } = chain(6);
    fc.assert(
      fc.property(fc.nat(5), fc.nat(), fc.nat(7), fc.integer({ min: 1, max: 7 }), (index, at, bit, size) => {
        const bad = entries.map((entry, i) =>
          i === index ? { ...entry, text: flipped(entry.text, at, bit) } : entry,
        );
        const { verified, problems } = verifyDossier(bad, end, 0, new Map(), size);
        assert.equal(verified, false);
        assert.ok(problems.some(({ seq }) => seq === index + 1));
      }),
      { numRuns: 300 },
    );
  });

  it('shows an entry that was rewritten with a digest of its own', () => {
    const { entries, end } = chain(4);
    const forged = extendChain(pair, 'command', { count: 1, digest: entries[0]?.digest ?? '' }, [
      { kind: 'version_registered', at: '2026-01-01T00:00:00.000Z', principal: 'eve', facts: { version: 2 } },
    ]).entries;
    const bad = [...entries.slice(0, 1), ...forged, ...entries.slice(2)];
    assert.deepEqual(verifyDossier(bad, end, 0, new Map()).problems, [
      { seq: 3, problem: 'it does not hold the digest of the entry before' },
    ]);
  });

  it('shows a cut tail of any length, a removed entry and two that changed places', () => {
    const { entries, end } = chain(5);
    for (let left = 0; left < 5; left += 1) {
      assert.equal(verifyDossier(entries.slice(0, left), end, 0, new Map()).verified, false);
    }
    for (let gone = 0; gone < 5; gone += 1) {
      const without = entries.filter((_, i) => i !== gone);
      assert.equal(verifyDossier(without, end, 0, new Map()).verified, false);
    }
    const swapped = [entries[1], entries[0], ...entries.slice(2)].flatMap((one) => one ?? []);
    assert.equal(verifyDossier(swapped, end, 0, new Map()).verified, false);
  });

  it('shows missing entries in the middle, and an entry past the end', () => {
    const { entries, end } = chain(5);
    const reached = { count: 1, digest: entries[0]?.digest ?? '' };
    const stored = new Map(
      entries.flatMap((entry, i) => (i === 1 || i === 2 ? [] : [[i + 1, entry] as const])),
    );
    const block = { from: 2, through: 4, entries: stored, copies: new Map() };
    assert.deepEqual(verifyBlock(pair, block, { end, copied: 0 }, reached).problems, [
      { seq: 2, problem: '2 entries are missing from here on' },
      { seq: 4, problem: 'it does not hold the digest of the entry before' },
    ]);
    const shorter = { count: 4, digest: entries[3]?.digest ?? '' };
    assert.deepEqual(verifyDossier(entries, shorter, 0, copiesOf(entries)).problems, [
      { seq: 5, problem: 'it stands past the end that the registry recorded' },
    ]);
    const [, second] = entries;
    const checked = { count: 2, digest: second?.digest ?? '' };
    const none = { entries: [], copies: [] };
    assert.deepEqual(
      verifyEnd({ ...checked, count: 1 }, checked, none).map(({ problem }) => problem),
      ['the recorded end lies before entries that were checked'],
    );
  });

  it('shows by the copies a tail that was cut together with the recorded end', () => {
    const { entries } = chain(5);
    const cut = extendChain(pair, 'command', EMPTY_CHAIN, []).end;
    assert.deepEqual(verifyDossier([], cut, 0, copiesOf(entries.slice(0, 1))).problems, [
      { seq: 1, problem: 'the object store has a copy of an entry that the registry lacks' },
    ]);
  });

  it('shows a copy that differs or is missing', () => {
    const { entries, end } = chain(2);
    const copies = copiesOf(entries).set(2, '{}');
    copies.delete(1);
    assert.deepEqual(verifyDossier(entries, end, 2, copies).problems, [
      { seq: 1, problem: 'its copy in the object store is missing' },
      { seq: 2, problem: 'its copy in the object store has other bytes' },
    ]);
  });
});
