import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  EXIT,
  type JobBackend,
  type JobFailure,
  type JobSpec,
  type JobState,
} from '#platform/jobs/job-backend.ts';

export interface JobBackendUnderTest extends AsyncDisposable {
  /** One more client of the same jobs, as another worker would have it. */
  open(): JobBackend;
  /** How a job calls Node. */
  readonly node: string;
}

let made = 0;
/** A job of a new key that runs a shell script. */
export function shellJob(script: string, more: Partial<JobSpec> = {}): JobSpec {
  return {
    key: `test-${process.pid}-${Date.now().toString(36)}-${made++}`,
    title: 'contract test',
    command: ['sh', '-c', script],
    env: {},
    input: { rows: 3 },
    cpu: 1,
    memoryMiB: 256,
    timeoutSeconds: 60,
    ...more,
  };
}

/** Polls until the job has ended. */
export async function finished(jobs: JobBackend, key: string): Promise<JobState> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(20)) {
    const state = await jobs.get({ backend: jobs.name, key });
    if (state.phase !== 'pending' && state.phase !== 'running') return state;
  }
  throw new Error(`job ${key} has not ended within a minute`);
}

/** Polls until the log holds this text, and returns the whole log. */
export async function logWith(jobs: JobBackend, key: string, part: string): Promise<string> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(20)) {
    const { text } = await jobs.logs({ backend: jobs.name, key }, 0);
    if (text.includes(part)) return text;
  }
  throw new Error(`the log of ${key} never held "${part}"`);
}

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
    const run = async (spec: JobSpec): Promise<JobState> => {
      await jobs.submit(spec);
      return finished(jobs, spec.key);
    };

    it('runs a job to success and says when', async () => {
      const from = new Date().toISOString();
      const state = await run(shellJob('echo done'));
      assert.equal(state.phase, 'succeeded');
      assert.equal(state.exitCode, EXIT.ok);
      assert.equal(state.failure, undefined);
      assert.ok(state.startedAt !== undefined && state.startedAt >= from);
      assert.ok(state.finishedAt !== undefined && state.finishedAt >= state.startedAt);
    });

    it('hands the input over as a JSON file, and the environment the spec names and no other', async () => {
      const spec = shellJob(
        'cat "$MILLRACE_JOB_SPEC"; echo; echo "[$GIVEN][$AWS_SECRET_ACCESS_KEY][$MILLRACE_TABLE]"',
        {
          env: { GIVEN: 'a "quoted" value' },
          input: { text: 'größer', list: [1, null] },
        },
      );
      await run(spec);
      const { text } = await jobs.logs({ backend: jobs.name, key: spec.key }, 0);
      assert.equal(text, '{"text":"größer","list":[1,null]}\n[a "quoted" value][][]\n');
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
        const state = await run(shellJob(`exit ${exitCode}`));
        assert.deepEqual([state.phase, state.failure, state.exitCode], ['failed', failure, exitCode]);
      });
    }

    it('reports what the job wrote as its termination message, before anything in its log', async () => {
      const said = '{"code":"LABEL_HAS_ONE_CLASS","message":"the label is 0 in all 300 rows"}';
      const state = await run(shellJob(`echo noise; echo '${said}' > "$MILLRACE_TERMINATION_LOG"; exit 10`));
      assert.equal(state.message, said);
    });

    it('reports the last lines of the log of a job that left no message', async () => {
      const state = await run(shellJob('seq 1 100; echo "Traceback: it broke" >&2; exit 1'));
      assert.match(state.message ?? '', /^82\n83\n[^]*100\nTraceback: it broke$/);
    });

    it('cuts a termination message that is longer than a message may be', async () => {
      const state = await run(
        shellJob('head -c 100000 /dev/zero | tr "\\0" x > "$MILLRACE_TERMINATION_LOG"; exit 10'),
      );
      assert.ok((state.message ?? '').length <= 4096);
    });

    it('reports a job that is ended by a signal of its own as a crash, not as out of memory', async () => {
      const state = await run(shellJob('kill -9 $$'));
      assert.deepEqual([state.phase, state.failure, state.exitCode], ['failed', 'crash', 137]);
    });

    it('ends a job that allocates more memory than it may, and says how much it had', async () => {
      const script = 'const kept = []; setInterval(() => kept.push(Buffer.alloc(16e6, 1)), 20);';
      const spec = shellJob('', { command: [under.node, '-e', script], memoryMiB: 200 });
      const state = await run(spec);
      assert.deepEqual([state.phase, state.failure], ['failed', 'out_of_memory']);
      assert.ok((state.peakBytes ?? 0) > 150 * 1024 * 1024, `${state.peakBytes}`);
    });

    it('ends a job that runs longer than it may', async () => {
      const state = await run(shellJob('sleep 50', { timeoutSeconds: 1 }));
      assert.deepEqual([state.phase, state.failure], ['failed', 'timeout']);
    });

    it('ends a job on cancel, once and again, and remembers that it was cancelled', async () => {
      const spec = shellJob('sleep 50');
      const handle = await jobs.submit(spec);
      while ((await jobs.get(handle)).phase === 'pending') await sleep(10);
      assert.equal((await jobs.get(handle)).phase, 'running');
      await Promise.all([jobs.cancel(handle), under.open().cancel(handle)]);
      const state = await jobs.get(handle);
      assert.deepEqual([state.phase, state.failure], ['failed', 'cancelled']);
      await jobs.cancel(handle);
      assert.deepEqual(await jobs.get(handle), state);
    });

    it('ends a job that will not end by itself', async () => {
      const spec = shellJob('trap "" TERM; echo started; while :; do sleep 0.1; done');
      const handle = await jobs.submit(spec);
      await logWith(jobs, spec.key, 'started');
      await jobs.cancel(handle);
      assert.equal((await jobs.get(handle)).failure, 'cancelled');
    });

    it('changes nothing of an ended job by a late cancel', async () => {
      const spec = shellJob('echo done');
      const before = await run(spec);
      await jobs.cancel({ backend: jobs.name, key: spec.key });
      assert.deepEqual(await jobs.get({ backend: jobs.name, key: spec.key }), before);
    });

    it('adopts a running job from another client, by its key alone', async () => {
      const spec = shellJob('echo "ran as $$"; sleep 1; exit 10');
      await jobs.submit(spec);
      const other = under.open();
      const handle = await other.submit(spec);
      assert.equal((await finished(other, handle.key)).failure, 'user');
      const { text } = await other.logs(handle, 0);
      assert.equal(text.match(/ran as/g)?.length, 1);
    });

    it('adopts an ended job, and one whose credentials were renewed', async () => {
      const spec = shellJob('echo ran', { env: { AWS_SESSION_TOKEN: 'first' } });
      const before = await run(spec);
      await jobs.submit({ ...spec, env: { AWS_SESSION_TOKEN: 'second' } });
      assert.deepEqual(await finished(jobs, spec.key), before);
      assert.equal((await jobs.logs({ backend: jobs.name, key: spec.key }, 0)).text, 'ran\n');
    });

    it('starts one job for twenty submits of one key at once', async () => {
      const spec = shellJob('echo "ran as $$"; sleep 0.5');
      await Promise.all(Array.from({ length: 20 }, () => under.open().submit(spec)));
      assert.equal((await finished(jobs, spec.key)).phase, 'succeeded');
      const { text } = await jobs.logs({ backend: jobs.name, key: spec.key }, 0);
      assert.equal(text.match(/ran as/g)?.length, 1);
    });

    it('refuses a key that stands for another job, and leaves that one alone', async () => {
      const spec = shellJob('echo first');
      await jobs.submit(spec);
      const other = { ...spec, input: { rows: 4 } };
      await assert.rejects(jobs.submit(other), { code: 'JOB_KEY_REUSED' });
      assert.equal((await finished(jobs, spec.key)).phase, 'succeeded');
    });

    it('follows a log by offset, character by character', async () => {
      const spec = shellJob(
        'printf "gr\\303"; sleep 0.4; printf "\\266\\303\\237er\\n"; sleep 0.4; echo end',
      );
      const handle = await jobs.submit(spec);
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

    it('refuses a spec that cannot run', async () => {
      const good = shellJob('true');
      const bad: readonly Partial<JobSpec>[] = [
        { key: '../escape' },
        { key: 'Upper' },
        { key: 'x'.repeat(64) },
        { command: [] },
        { env: { 'not a name': '1' } },
        { env: { MILLRACE_TERMINATION_LOG: '/elsewhere' } },
        { memoryMiB: 0 },
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
      const spec = shellJob('echo ran; exit 10');
      const handle = await jobs.submit(spec);
      const before = await finished(jobs, spec.key);
      assert.equal(await jobs.sweep(inDays(6)), 0);
      assert.equal((await jobs.logs(handle, 0)).text, 'ran\n');

      assert.equal(await jobs.sweep(inDays(8)), 1);
      assert.deepEqual(await jobs.logs(handle, 0), { text: '', nextByte: 0 });
      await jobs.submit(spec);
      assert.deepEqual(await jobs.get(handle), before);
      await assert.rejects(jobs.submit({ ...spec, input: 'other' }), { code: 'JOB_KEY_REUSED' });
      assert.equal(await jobs.sweep(inDays(9)), 0);
    });

    it('never touches a job that runs, nor the word that one is not to start', async () => {
      await using under = await start();
      const jobs = under.open();
      const [running, unwanted] = [shellJob('echo started; sleep 60'), shellJob('echo ran')];
      await jobs.submit(running);
      await logWith(jobs, running.key, 'started');
      await jobs.cancel({ backend: jobs.name, key: unwanted.key });
      assert.equal(await jobs.sweep(inDays(400)), 0);
      assert.equal((await jobs.get({ backend: jobs.name, key: running.key })).phase, 'running');
      await jobs.submit(unwanted);
      assert.equal((await finished(jobs, unwanted.key)).failure, 'cancelled');
    });
  });
}
