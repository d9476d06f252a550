import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { rangesOf } from '#registry/dossier/ranges.ts';
import {
  BLOCK_ENTRIES,
  blockOf,
  compareSegment,
  cutSegment,
  entriesOfSize,
  firstEntryOf,
  joinStates,
  SEGMENT_BYTES,
  segmentBody,
  segmentKey,
} from '#registry/dossier/segments.ts';

const pair = { model: 'm', feature_set: 'f' };

function entry(seq: number, text = JSON.stringify({ seq, note: 'Grüße' })) {
  return { seq, text, digest: '' };
}

function entriesTo(count: number) {
  return Array.from({ length: count }, (_, index) => entry(index + 1));
}

function byNumber(entries: readonly ReturnType<typeof entry>[]) {
  return new Map(entries.map((one) => [one.seq, one]));
}

describe('the key of a segment', () => {
  it('names its first entry, and no other name is taken for one', () => {
    const key = 'dossiers/model=m/feature_set=f/from=00000042.jsonl';
    assert.equal(segmentKey(pair, 42), key);
    assert.equal(firstEntryOf(pair, key), 42);
    for (const name of [
      'entry=000042.json',
      'from=00000000.jsonl',
      'from=42.jsonl',
      'from=00000042.jsonl.x',
      'a/from=00000042.jsonl',
      '',
    ]) {
      assert.equal(firstEntryOf(pair, `dossiers/model=m/feature_set=f/${name}`), undefined, name);
    }
  });
});

describe('a range', () => {
  it('is cut behind multiples of the size, wherever it begins and ends', () => {
    for (const [from, through, expected] of [
      [1, 0, []],
      [1, 1, [[1, 1]]],
      [1, 10, [[1, 10]]],
      [
        10,
        11,
        [
          [10, 10],
          [11, 11],
        ],
      ],
      [
        7,
        25,
        [
          [7, 10],
          [11, 20],
          [21, 25],
        ],
      ],
    ] as const) {
      const ranges = rangesOf(from, through, 10).map((range) => [range.from, range.through]);
      assert.deepEqual(ranges, expected);
    }
    assert.deepEqual([blockOf(1), blockOf(1_000)], [blockOf(500), { from: 1, through: 1_000 }]);
    assert.deepEqual(blockOf(1_001), { from: 1_001, through: 2_000 });
  });
});

describe('a segment', () => {
  it('ends with its block, and before it has too many bytes unless one entry alone has them', () => {
    const many = entriesTo(2_500);
    const lengths = (entries: typeof many) => cutSegment(entries).length;
    assert.equal(lengths(many), BLOCK_ENTRIES);
    assert.equal(lengths(many.slice(996)), 4);
    assert.equal(lengths(many.slice(2_400)), 100);
    const sized = (...sizes: number[]) =>
      sizes.map((bytes, index) => entry(index + 1, 'x'.repeat(bytes - 1)));
    const half = SEGMENT_BYTES / 2;
    assert.equal(lengths(sized(half, half, 2)), 2);
    assert.equal(lengths(sized(half, half + 1)), 1);
    assert.equal(lengths(sized(2 * SEGMENT_BYTES, 2)), 1);
  });

  it('is found by its size', () => {
    const entries = entriesTo(5);
    const all = byNumber(entries);
    for (let from = 1; from <= 5; from += 1) {
      for (let through = from; through <= 5; through += 1) {
        const body = segmentBody(entries.slice(from - 1, through));
        assert.equal(entriesOfSize(from, all, body.length)?.length, through - from + 1);
        assert.equal(entriesOfSize(from, all, body.length - 1), undefined);
      }
    }
    assert.equal(entriesOfSize(1, all, 0), undefined);
    assert.equal(entriesOfSize(6, all, 10), undefined);
    assert.equal(entriesOfSize(5, all, 1_000), undefined);
  });

  it('shows one flipped bit as the entry, or the line break behind it, that holds the byte', () => {
    const entries = entriesTo(6);
    const body = segmentBody(entries);
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.nat(7), (at, bit) => {
        const bytes = Buffer.from(body);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        const lineLength = segmentBody(entries.slice(0, 1)).length;
        const seq = Math.floor(at / lineLength) + 1;
        const states = compareSegment(1, byNumber(entries), bytes);
        assert.deepEqual(
          [...states],
          entries.map((one) => [one.seq, one.seq === seq ? 'other' : 'same']),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('shows a cut at any byte: whole entries are the same, a part differs, the rest is missing', () => {
    const entries = entriesTo(4);
    const body = segmentBody(entries);
    const lineLength = body.length / 4;
    for (let bytes = 1; bytes <= body.length; bytes += 1) {
      const states = compareSegment(1, byNumber(entries), body.subarray(0, bytes));
      const whole = Math.floor(bytes / lineLength);
      assert.equal([...states.values()].filter((state) => state === 'same').length, whole);
      assert.equal(states.size, Math.ceil(bytes / lineLength));
    }
    assert.deepEqual([...compareSegment(1, byNumber(entries), Buffer.alloc(0))], [[1, 'other']]);
  });

  it('differs where an entry of the registry was rewritten or lost, and nowhere else', () => {
    const entries = entriesTo(4);
    const body = segmentBody(entries);
    const rewritten = byNumber(entries).set(2, entry(2, '{"a":"much longer text than it was before"}'));
    const lost = byNumber(entries);
    lost.delete(2);
    for (const stored of [rewritten, lost]) {
      assert.deepEqual([...compareSegment(1, stored, body).values()], ['same', 'other', 'same', 'same']);
    }
  });

  it('differs if it goes on after the last entry or after its block', () => {
    const entries = entriesTo(2);
    const longer = segmentBody([...entries, entry(3), entry(4)]);
    assert.deepEqual(
      [...compareSegment(1, byNumber(entries), longer)],
      [
        [1, 'same'],
        [2, 'same'],
        [3, 'other'],
        [4, 'other'],
      ],
    );
    const all = entriesTo(1_002);
    const across = segmentBody(all.slice(998));
    assert.deepEqual(
      [...compareSegment(999, byNumber(all), across)],
      [
        [999, 'same'],
        [1_000, 'other'],
      ],
    );
  });

  it('counts an entry that differs in one of several segments as different', () => {
    const joined = joinStates([
      new Map([
        [1, 'same'],
        [2, 'other'],
      ]),
      new Map([
        [2, 'same'],
        [3, 'same'],
      ]),
      new Map([[3, 'other']]),
    ]);
    assert.deepEqual(
      [...joined],
      [
        [1, 'same'],
        [2, 'other'],
        [3, 'other'],
      ],
    );
  });
});

describe('segments written by many', () => {
  const everything = entriesTo(2_300);

  /** A delivery as another process makes it: what it knew may be old, it takes blocks in any order, and it may die. */
  const delivery = fc.record({
    growth: fc.nat(600),
    /** How old its mark and its end of the dossier are. */
    markAge: fc.nat(3),
    endAge: fc.nat(3),
    order: fc.array(fc.nat(10), { minLength: 4, maxLength: 4 }),
    dieAfter: fc.nat(4),
    marks: fc.boolean(),
  });

  it('never overlap, and together are the dossier, whoever wrote when and died where', () => {
    fc.assert(
      fc.property(fc.array(delivery, { maxLength: 12 }), (deliveries) => {
        const objects = new Map<number, Buffer>();
        const marks = [0];
        const ends = [1];
        for (const { growth, markAge, endAge, order, dieAfter, marks: doesMark } of deliveries) {
          ends.push(Math.min((ends.at(-1) ?? 0) + growth, everything.length));
          const mark = marks.at(-1 - markAge) ?? 0;
          const end = Math.max(ends.at(-1 - endAge) ?? 0, mark);
          const ranges = rangesOf(mark + 1, end, BLOCK_ENTRIES);
          const taken = ranges
            .map((range, index) => ({ range, turn: order[index] ?? 0 }))
            .toSorted((one, other) => one.turn - other.turn)
            .slice(0, dieAfter);
          const reached = new Map(
            taken.map(({ range }) => [range.from, write(objects, range.from, range.through)]),
          );
          for (const range of ranges) {
            const through = reached.get(range.from);
            if (!doesMark || through === undefined) break;
            marks.push(Math.max(marks.at(-1) ?? 0, through));
          }
          assertNoOverlap(objects);
        }
        for (const { from, through } of rangesOf((marks.at(-1) ?? 0) + 1, everything.length, BLOCK_ENTRIES)) {
          write(objects, from, through);
        }
        const inOrder = [...objects].toSorted(([one], [other]) => one - other).map(([, bytes]) => bytes);
        assert.ok(Buffer.concat(inOrder).equals(segmentBody(everything)));
      }),
      { numRuns: 200 },
    );
  });

  /** Writes a range as a delivery does, and returns how far it came. */
  function write(objects: Map<number, Buffer>, from: number, through: number): number {
    let reached = from - 1;
    while (reached < through) {
      const entries = cutSegment(everything.slice(reached, through));
      const found = objects.get(reached + 1) ?? segmentBody(entries);
      objects.set(reached + 1, found);
      const states = compareSegment(reached + 1, byNumber(everything), found);
      assert.ok([...states.values()].every((state) => state === 'same'));
      reached += states.size;
    }
    return reached;
  }

  function assertNoOverlap(objects: ReadonlyMap<number, Buffer>): void {
    const firsts = [...objects.keys()].toSorted((one, other) => one - other);
    for (const [index, from] of firsts.entries()) {
      const size = entriesOfSize(from, byNumber(everything), objects.get(from)?.length ?? 0)?.length ?? 0;
      assert.ok(size > 0 && from + size <= (firsts[index + 1] ?? Number.POSITIVE_INFINITY));
    }
  }
});
