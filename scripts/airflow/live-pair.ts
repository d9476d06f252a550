import { callAs, type Call } from '../demo/api.ts';
import { readExample, type Example } from '../demo/example.ts';
import { storyOf, type StepResult } from '../demo/story.ts';
import { startPlatform, type Platform } from '#local/platform.ts';
import type { Servers } from '#local/servers.ts';

export interface LivePair {
  readonly platform: Platform;
  readonly example: Example;
  /** Path of the pair in the API. */
  readonly path: string;
  readonly call: Call;
  /** Key with which Airflow calls the API. */
  readonly airflowKey: string;
}

/** The example of the demo, scheduled by Airflow, told until its first version is live; nothing is scored yet. */
export async function bringPairLive(servers: Servers, say: (line: string) => void): Promise<LivePair> {
  const platform = await startPlatform(servers);
  const told = await readExample();
  const files = told.files.map(({ path, text }) => ({
    path,
    text: text.replace(/scheduler: temporal\b/, 'scheduler: airflow'),
  }));
  const example = { ...told, files };
  const results = new Map<string, StepResult>();
  const story = storyOf({
    platform,
    example,
    result: <T>(name: string) => results.get(name) as T | undefined,
  });
  for (const { name, title, run } of story.slice(
    0,
    story.findIndex((step) => step.name === 'score-1'),
  )) {
    const result = await run();
    results.set(name, result);
    say(`${title}: ${result.says}`);
  }
  const call = callAs(platform.api, platform.adminKey);
  const { key } = await call<{ key: string }>('POST', '/v1/keys', {
    name: 'airflow',
    roles: ['operator', 'viewer'],
  });
  return { platform, example, call, airflowKey: key, path: `/v1/pairs/${example.model}/${example.set}` };
}
