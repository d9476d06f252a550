import { answer, createClient, type Client } from '#client/client.ts';
import { readExample, type Example } from '../demo/example.ts';
import type { StepResult } from '../demo/step.ts';
import { storyOf } from '../demo/story.ts';
import { startPlatform, type Platform } from '#local/platform.ts';
import type { Servers } from '#local/servers.ts';

export interface LivePair {
  readonly platform: Platform;
  readonly example: Example;
  /** The pair as the API's paths name it. */
  readonly names: { readonly model: string; readonly set: string };
  readonly client: Client;
  /** Key with which Airflow calls the API. */
  readonly airflowKey: string;
}

/** Runs the demo's example, scheduled by Airflow, until its first version is live. Nothing is scored yet. */
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
  const client = createClient(platform.api, platform.adminKey);
  const { key } = await answer(
    client.POST('/v1/keys', { body: { name: 'airflow', roles: ['scheduler'], teams: [...example.teams] } }),
  );
  return { platform, example, client, airflowKey: key, names: { model: example.model, set: example.set } };
}
