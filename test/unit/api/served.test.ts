import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { servedQueues, type Seen } from '#api/workers/served.ts';

const NOW = Date.parse('2026-06-01T12:00:00.000Z');
const MINUTE = 60_000;

const queue = (name: string, polled: readonly number[], reported: readonly number[] = []): Seen => ({
  queue: name,
  polled: polled.map((minutes) => NOW + minutes * MINUTE),
  reported: reported.map((minutes) => NOW + minutes * MINUTE),
});

const served = (queues: readonly Seen[], clock = 0): readonly string[] => [
  ...servedQueues(queues, NOW + clock * MINUTE),
];

describe('a served queue', () => {
  for (const clock of [-2, -1, 0, 1, 2])
    it(`is served, and its neighbour without a poller is not, on a clock off by ${clock} minutes`, () => {
      assert.deepEqual(served([queue('jobs', [-0.9]), queue('waits', [-4])], clock), ['jobs']);
    });

  it('is not one whose worker died minutes ago together with all others', () => {
    const dead = [queue('jobs', [-4.1]), queue('waits', [-4.2])];
    assert.deepEqual(served(dead), []);
    assert.deepEqual(served(dead, 2), []);
  });

  it('may be known by a report alone, also from a machine that is two minutes behind', () => {
    assert.deepEqual(served([queue('jobs', [0]), queue('jobs@host', [], [-2.5])]), ['jobs', 'jobs@host']);
    assert.deepEqual(served([queue('jobs', [0]), queue('jobs@host', [], [-3.5])]), ['jobs']);
  });

  it('is none where nothing ever polled', () => {
    assert.deepEqual(served([queue('jobs', [])]), []);
  });
});
