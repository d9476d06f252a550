import { answer, type Client } from '#client/client.ts';
import type { Example } from './example.ts';

/** The demo's last line with `--json`. */
export interface Outcome {
  readonly ok: true;
  readonly seconds: number;
  readonly steps: readonly {
    readonly name: string;
    readonly workflow_id: string | null;
    readonly seconds: number;
  }[];
  readonly versions: readonly { readonly version: number; readonly stage: string }[];
  readonly metrics: Readonly<Record<string, number>>;
  readonly scores: { readonly uri: string; readonly rows: number };
  readonly dag_spec: { readonly dag_id: string; readonly content_hash: string };
  readonly dossier: { readonly entries: number; readonly verified: boolean };
}

/** Reads everything back from the API; only the durations of the steps are remembered. */
export async function readOutcome(
  client: Client,
  { model, set, to }: Example,
  steps: Outcome['steps'],
  seconds: number,
): Promise<Outcome> {
  const pair = { model, set };
  const params = { path: pair };
  const [{ items }, scores, dagSpec, dossier] = await Promise.all([
    answer(client.GET('/v1/pairs/{model}/{set}/versions', { params })),
    answer(
      client.GET('/v1/pairs/{model}/{set}/scores/{score_date}', {
        params: { path: { ...pair, score_date: to } },
      }),
    ),
    answer(client.GET('/v1/pairs/{model}/{set}/dag-spec', { params })),
    answer(client.GET('/v1/pairs/{model}/{set}/dossier/verify', { params })),
  ]);
  const oldestFirst = items.toSorted((a, b) => a.version - b.version);
  return {
    ok: true,
    seconds,
    steps,
    versions: oldestFirst.map(({ version, stage }) => ({ version, stage })),
    metrics: oldestFirst.at(-1)?.metrics ?? {},
    scores: { uri: scores.uris[0] ?? '', rows: scores.rows },
    dag_spec: { dag_id: dagSpec.dag_id, content_hash: dagSpec.content_hash },
    dossier: { entries: dossier.entries, verified: dossier.verified },
  };
}
