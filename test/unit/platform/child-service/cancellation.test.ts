import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createChildService } from '#platform/child-service/child-service.ts';

const HOUR = 3_600_000;

const patient = () =>
  createChildService<null, number, number>(new URL('./fixtures/patient-child.ts', import.meta.url), {
    seconds: 3_600,
    heapMiB: 128,
    wasmMiB: 16,
    processMiB: 512,
    idleSeconds: 1,
  });

async function untilWorking(service: ReturnType<typeof patient>): Promise<number> {
  for (;;) {
    const pid = service.pid();
    if (pid !== undefined) return pid;
    await sleep(10);
  }
}

async function untilGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(10);
  }
}

test('ends the child when the work it does is cancelled, and answers the next batch', async () => {
  const service = patient();
  const cancelled = new AbortController();
  const long = service.ask(null, [HOUR], cancelled.signal);
  const next = service.ask(null, [1]);
  const pid = await untilWorking(service);
  cancelled.abort(new Error('gone'));
  await assert.rejects(long, /gone/);
  await untilGone(pid);
  assert.deepEqual(await next, [{ answer: 1 }]);
});

test('leaves the child alone when a batch that waits is cancelled', async () => {
  const service = patient();
  const working = service.ask(null, [300, 2]);
  const pid = await untilWorking(service);
  const cancelled = new AbortController();
  const waiting = service.ask(null, [HOUR], cancelled.signal);
  cancelled.abort(new Error('gone'));
  await assert.rejects(waiting, /gone/);
  assert.deepEqual(await working, [{ answer: 300 }, { answer: 2 }]);
  assert.equal(service.pid(), pid);
});

test('starts nothing for a batch that was cancelled before', async () => {
  const service = patient();
  await assert.rejects(service.ask(null, [1], AbortSignal.abort(new Error('gone'))), /gone/);
  assert.equal(service.pid(), undefined);
});
