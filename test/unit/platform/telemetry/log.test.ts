import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readEnvironment } from '#configs/environment.ts';
import { createLog } from '#platform/telemetry/log.ts';

function lines(level: string, write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] {
  const written: string[] = [];
  const env = readEnvironment({ MILLRACE_LOG_LEVEL: level });
  write(createLog(env, 'api', { write: (line) => void written.push(line) }));
  return written.map((line) => JSON.parse(line) as Record<string, unknown>);
}

it('writes JSON lines with time, level by name, part and the ids of a child', () => {
  const [line] = lines('info', (log) =>
    log.child({ workflow_id: 'train/a/b/c' }).info({ rows: 3 }, 'trained'),
  );
  const { time, ...rest } = line ?? {};
  assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.deepEqual(rest, { level: 'info', part: 'api', workflow_id: 'train/a/b/c', rows: 3, msg: 'trained' });
});

it('hides secrets at the top and two levels below', () => {
  const text = JSON.stringify(
    lines('info', (log) => {
      log.info({ api_key: 'S3CRET', env: { AWS_SECRET_ACCESS_KEY: 'S3CRET', AWS_REGION: 'us-east-1' } });
      log.info({ req: { headers: { authorization: 'Bearer S3CRET' } } });
    }),
  );
  assert.doesNotMatch(text, /S3CRET/);
  assert.match(text, /us-east-1/);
});

it('writes nothing below its level', () => {
  assert.deepEqual(
    lines('warn', (log) => log.info('hidden')),
    [],
  );
});
