import { dagSpecKey } from '#airflow/dag-spec.ts';
import { pairKey, type Pair } from '#registry/pair.ts';
import type { FaultProxy, Held, Moment, Seen } from '#test/support/fault-proxy.ts';

export interface Networks {
  readonly objects: FaultProxy;
  readonly table: FaultProxy;
}

/** A named moment in a model's life: a request that is on its way to a store, or has done its work there unheard. */
export interface Point {
  readonly name: string;
  readonly store: keyof Networks;
  readonly moment: Moment;
  readonly fits: (pair: Pair) => (request: Seen) => boolean;
}

export function hold(networks: Networks, point: Point, pair: Pair): Held {
  return networks[point.store].hold(point.moment, point.fits(pair));
}

const folder = ({ model, feature_set }: Pair): string => `model=${model}/feature_set=${feature_set}/`;

function object(name: string, moment: Moment, matches: (pair: Pair, path: string) => boolean): Point {
  const fits = (pair: Pair) => (request: Seen) => request.method === 'PUT' && matches(pair, request.path);
  return { name, store: 'objects', moment, fits };
}

/** The transaction of a registry command. */
function command(name: string, moment: Moment, kind: string): Point {
  const fits = (pair: Pair) => (request: Seen) =>
    request.operation === 'TransactWriteItems' &&
    request.body.includes(`"pair#${pairKey(pair)}"`) &&
    request.body.includes(`"command#${kind}#`);
  return { name, store: 'table', moment, fits };
}

function scoresItem(name: string, moment: Moment): Point {
  const fits = (pair: Pair) => (request: Seen) =>
    request.operation === 'PutItem' && request.body.includes(`"scores/${folder(pair)}`);
  return { name, store: 'table', moment, fits };
}

const trained = (file: string) => (pair: Pair, path: string) =>
  path.includes(`/models/${folder(pair)}`) && path.split('?')[0]?.endsWith(`/${file}`) === true;
const spec = (pair: Pair, path: string) => path.includes(dagSpecKey(pair));
const scores = (file: RegExp) => (pair: Pair, path: string) =>
  path.includes(`/scores/${folder(pair)}`) && file.test(path);

/** Between the start of a training and its version. */
export const UNTIL_REGISTERED: readonly Point[] = [
  object('the job runs', 'before', trained('model.onnx')),
  object('artifacts are up, their manifest is not', 'before', trained('manifest.json')),
  object('the training is committed, unheard', 'after', trained('manifest.json')),
  command('the version is not committed', 'before', 'register'),
  command('the version is committed, unheard', 'after', 'register'),
];

/** Between an approval and the end of the lifecycle. */
export const UNTIL_LIVE: readonly Point[] = [
  command('the deployment is scheduled, unheard', 'after', 'schedule'),
  command('the promotion is not committed', 'before', 'promote'),
  command('the promotion is committed, unheard, and no DAG spec is written', 'after', 'promote'),
  object('the DAG spec is not written', 'before', spec),
  command('the DAG spec is written and recorded, unheard', 'after', 'record_spec'),
];

/**
 * Between the request for a day's scores and their commit, two at a time: a scoring process does no more at once, so a
 * third would never reach its point.
 */
export const UNTIL_SCORED: readonly (readonly Point[])[] = [
  [
    object('a part is up, unheard', 'after', scores(/\.parquet/)),
    object('scores are up, their manifest is not', 'before', scores(/manifest\.json/)),
  ],
  [
    object('a part is not up', 'before', scores(/\.parquet/)),
    object('the scores are committed, unheard', 'after', scores(/manifest\.json/)),
  ],
  [scoresItem('the scores are committed and not listed', 'before')],
];

/** Between an approval on its way and the approver who hears of it. */
export const UNTIL_JUDGED: readonly Point[] = [
  command('the approval is not committed', 'before', 'judge'),
  command('the approval is committed, unheard, and nobody was told', 'after', 'judge'),
];
