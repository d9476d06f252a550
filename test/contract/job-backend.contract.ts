import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  EXIT,
  type JobBackend,
  type JobFailure,
  type JobHandle,
  type JobState,
} from '#platform/jobs/job-backend.ts';
import type { JobProgram, JobSpec } from '#platform/jobs/job-program.ts';
import {
  finished,
  logWith,
  stepsJob,
  type JobBackendUnderTest,
  type Step,
  type StepsJob,
} from './job-steps.ts';

/** What every way to run outside jobs must keep. */
export function jobBackendContract(name: string, start: () => Promise<JobBackendUnderTest>): void {
  describe(`job backend: ${name}`, { concurrency: 4 }, () => {
    let under: JobBackendUnderTest;
    let jobs: JobBackend;
    before(async () => {
      under = await start();
      jobs = under.open();
    });
    after(async () => {
      await under[Symbol.asyncDispose]();
    });
    const job = (does: readonly Step[] | StepsJob, more?: Partial<JobProgram>): Promise<JobSpec> =>
      stepsJob(under, does, more);
    const end = async (spec: JobSpec): Promise<JobState> => finished(jobs, await jobs.submit(spec));
    const run = async (does: readonly Step[], more?: Partial<JobProgram>): Promise<JobState> =>
      end(await job(does, more));
    const whole = async (handle: JobHandle): Promise<string> => (await jobs.logs(handle, 0)).text;

    it('runs a job to success and says when', async () => {
      const from = new Date().toISOString();
      const state = await run([{ say: 'done' }]);
      assert.equal(state.phase, 'succeeded');
      assert.equal(state.exitCode, EXIT.ok);
      assert.equal(state.failure, undefined);
      assert.ok(state.startedAt !== undefined && state.startedAt >= from);
      assert.ok(state.finishedAt !== undefined && state.finishedAt >= state.startedAt);
    });

    it('hands the input over by URI and SHA-256, and nothing of the environment of the worker', async () => {
      const canary = 'MILLRACE_CONTRACT_CANARY';
      process.env[canary] = 'of the worker';
      const steps: Step[] = [{ say_data: true }, { say_variables: [canary, 'MILLRACE_TABLE'] }];
      const handle = await jobs.submit(await job({ steps, data: { text: 'größer', list: [1, null] } }));
      await finished(jobs, handle);
      assert.equal(await whole(handle), '{"list":[1,null],"text":"größer"}\n[][]\n');
    });

    it('reports an input that is missing or damaged as input', async () => {
      const { input, ...rest } = await job([{ say: 'ran' }]);
      const missing = { ...rest, key: `${rest.key}-m`, input: { ...input, uri: `${input.uri}-not` } };
      const damaged = { ...rest, key: `${rest.key}-d`, input: { ...input, sha256: '0'.repeat(64) } };
      for (const spec of [missing, damaged]) {
        const state = await end(spec);
        assert.deepEqual([state.phase, state.failure, state.exitCode], ['failed', 'input', EXIT.input]);
      }
    });

    const endings: readonly (readonly [number, JobFailure])[] = [
      [EXIT.user, 'user'],
      [EXIT.input, 'input'],
      [EXIT.transient, 'transient'],
      [EXIT.preempted, 'preempted'],
      [EXIT.outOfMemory, 'out_of_memory'],
      [1, 'crash'],
      [137, 'crash'],
    ];
    for (const [exitCode, failure] of endings) {
      it(`reads exit code ${exitCode} as ${failure}`, async () => {
        const state = await run([{ exit: exitCode }]);
        assert.deepEqual([state.phase, state.failure, state.exitCode], ['failed', failure, exitCode]);
      });
    }

    it('reports what the job wrote as its termination message, before anything in its log', async () => {
      const said = '{"code":"LABEL_HAS_ONE_CLASS","message":"the label is 0 in all 300 rows"}';
      const state = await run([{ say: 'noise' }, { explain: said }, { exit: 10 }]);
      assert.equal(state.message, said);
    });

    it('reports the last lines of the log of a job that left no message', async () => {
      const lines = Array.from({ length: 100 }, (_, line): Step => ({ say: `${line + 1}` }));
      const state = await run([...lines, { complain: 'Traceback: it broke' }, { exit: 1 }]);
      assert.match(state.message ?? '', /^82\n83\n[^]*100\nTraceback: it broke$/);
    });

    it('cuts a termination message that is longer than a message may be', async () => {
      const state = await run([{ explain: 'x'.repeat(100_000) }, { exit: 10 }]);
      assert.ok((state.message ?? '').length <= 4096);
    });

    it('reports a job that is ended by a signal of its own as a crash, not as out of memory', async () => {
      const state = await run([{ kill: 'SIGKILL' }]);
      assert.deepEqual([state.phase, state.failure, state.exitCode], ['failed', 'crash', 137]);
    });

    it('ends a job that allocates more memory than it may', async () => {
      const resources = { cpu: 1, memoryMiB: 300 };
      const state = await run([{ allocate_mib: 4000 }, { sleep: 50 }], { resources });
      assert.deepEqual([state.phase, state.failure], ['failed', 'out_of_memory']);
    });

    it('ends a job that runs longer than it may', async () => {
      const state = await run([{ sleep: 50 }], { timeoutSeconds: 1 });
      assert.deepEqual([state.phase, state.failure], ['failed', 'timeout']);
    });

    it('ends a job on cancel, once and again, and remembers that it was cancelled', async () => {
      const handle = await jobs.submit(await job([{ sleep: 50 }]));
      while ((await jobs.get(handle)).phase === 'pending') await sleep(10);
      assert.equal((await jobs.get(handle)).phase, 'running');
      await Promise.all([jobs.cancel(handle), under.open().cancel(handle)]);
      const state = await jobs.get(handle);
      assert.deepEqual([state.phase, state.failure], ['failed', 'cancelled']);
      await jobs.cancel(handle);
      assert.deepEqual(await jobs.get(handle), state);
    });

    it('ends a job that will not end by itself', async () => {
      const handle = await jobs.submit(
        await job([{ ignore_sigterm: true }, { say: 'started' }, { sleep: 50 }]),
      );
      await logWith(jobs, handle, 'started');
      await jobs.cancel(handle);
      assert.equal((await jobs.get(handle)).failure, 'cancelled');
    });

    it('changes nothing of an ended job by a late cancel', async () => {
      const handle = await jobs.submit(await job([{ say: 'done' }]));
      const before = await finished(jobs, handle);
      await jobs.cancel(handle);
      assert.deepEqual(await jobs.get(handle), before);
    });

    it('adopts a running job from another client, by its key alone', async () => {
      const spec = await job([{ say: 'ran' }, { sleep: 1 }, { exit: 10 }]);
      await jobs.submit(spec);
      const other = under.open();
      const handle = await other.submit(spec);
      assert.equal((await finished(other, handle)).failure, 'user');
      assert.equal((await other.logs(handle, 0)).text, 'ran\n');
    });

    it('adopts an ended job, also for a worker of another version', async () => {
      const spec = await job([{ say: 'ran' }]);
      const before = await end(spec);
      const handle = await jobs.submit({ ...spec, version: '2', title: 'other', labels: {} });
      assert.deepEqual(await finished(jobs, handle), before);
      assert.equal(await whole(handle), 'ran\n');
    });

    it('starts one job for twenty submits of one key at once', async () => {
      const spec = await job([{ say: 'ran' }, { sleep: 0.5 }]);
      const [handle] = await Promise.all(Array.from({ length: 20 }, () => under.open().submit(spec)));
      assert.ok(handle !== undefined);
      assert.equal((await finished(jobs, handle)).phase, 'succeeded');
      assert.equal(await whole(handle), 'ran\n');
    });

    it('refuses a key that stands for another job, and leaves that one alone', async () => {
      const spec = await job([{ say: 'first' }]);
      const handle = await jobs.submit(spec);
      const other = { ...spec, input: (await job([{ say: 'second' }])).input };
      await assert.rejects(jobs.submit(other), { code: 'JOB_KEY_REUSED' });
      await assert.rejects(jobs.submit({ ...spec, timeoutSeconds: 61 }), { code: 'JOB_KEY_REUSED' });
      assert.equal((await finished(jobs, handle)).phase, 'succeeded');
      assert.equal(await whole(handle), 'first\n');
    });

    it('follows a log by offset, character by character', async () => {
      const parts = ['6772c3', 'b6c39f65720a'].flatMap((bytes): Step[] => [{ bytes }, { sleep: 0.4 }]);
      const handle = await jobs.submit(await job([...parts, { say: 'end' }]));
      let seen = '';
      for (let next = 0; !seen.includes('end'); await sleep(20)) {
        const part = await jobs.logs(handle, next);
        assert.doesNotMatch(part.text, /\uFFFD/);
        assert.equal(part.nextByte, next + Buffer.byteLength(part.text));
        next = part.nextByte;
        seen += part.text;
      }
      assert.equal(seen, 'größer\nend\n');
    });

    it('knows nothing of a job that never was', async () => {
      const handle = { backend: jobs.name, key: 'never-was' };
      assert.equal((await jobs.get(handle)).phase, 'lost');
      assert.deepEqual(await jobs.logs(handle, 0), { text: '', nextByte: 0 });
    });

    it('never reports success for a job that loses its machine', async () => {
      const handle = await jobs.submit(await job([{ say: 'started' }, { sleep: 50 }]));
      await logWith(jobs, handle, 'started');
      await under.loseMachine(handle);
      const state = await finished(jobs, handle);
      assert.ok(state.phase === 'lost' || state.failure === 'preempted', JSON.stringify(state));
      assert.deepEqual(await under.open().get(handle), state);
    });

    it('refuses a spec that cannot run', async () => {
      const good = await job([]);
      const { resources, input } = good;
      const bad: readonly Partial<JobSpec>[] = [
        { key: '../escape' },
        { key: 'Upper' },
        { key: 'x'.repeat(64) },
        { program: '' },
        { program: 'no_such_program' },
        { program: '../escape' },
        { role: 'Not a role' },
        { input: { ...input, uri: '/etc/passwd' } },
        { input: { ...input, sha256: 'abc' } },
        { output: 's3://bucket/not-a-folder' },
        { resources: { ...resources, memoryMiB: 0 } },
        { resources: { ...resources, cpu: 0 } },
        { timeoutSeconds: Number.NaN },
      ];
      for (const change of bad) {
        await assert.rejects(jobs.submit({ ...good, ...change }), { code: 'JOB_SPEC_INVALID' });
      }
    });
  });

  describe(`job backend: ${name}: sweep`, () => {
    const inDays = (days: number): string => new Date(Date.now() + days * 24 * 3_600_000).toISOString();

    it('drops the log of a job that ended over a week ago, and still knows how it ended', async () => {
      await using under = await start();
      const jobs = under.open();
      const spec = await stepsJob(under, [{ say: 'ran' }, { exit: 10 }]);
      const handle = await jobs.submit(spec);
      const before = await finished(jobs, handle);
      assert.equal(await jobs.sweep(inDays(6)), 0);
      assert.equal((await jobs.logs(handle, 0)).text, 'ran\n');

      assert.equal(await jobs.sweep(inDays(8)), 1);
      assert.deepEqual(await jobs.logs(handle, 0), { text: '', nextByte: 0 });
      await jobs.submit(spec);
      assert.deepEqual(await jobs.get(handle), before);
      const other = await stepsJob(under, [{ say: 'other' }], { key: spec.key });
      await assert.rejects(jobs.submit(other), { code: 'JOB_KEY_REUSED' });
      assert.equal(await jobs.sweep(inDays(9)), 0);
    });

    it('never touches a job that runs, nor the word that one is not to start', async () => {
      await using under = await start();
      const jobs = under.open();
      const running = await jobs.submit(await stepsJob(under, [{ say: 'started' }, { sleep: 60 }]));
      await logWith(jobs, running, 'started');
      const unwanted = await stepsJob(under, [{ say: 'ran' }]);
      await jobs.cancel({ backend: jobs.name, key: unwanted.key });
      assert.equal(await jobs.sweep(inDays(400)), 0);
      assert.equal((await jobs.get(running)).phase, 'running');
      assert.equal((await finished(jobs, await jobs.submit(unwanted))).failure, 'cancelled');
    });
  });
}
