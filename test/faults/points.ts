import { dagSpecKey } from '#airflow/dag-spec.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import type { FaultProxy, Held, Moment, Seen } from '#test/support/fault-proxy.ts';

export interface Networks {
  readonly objects: FaultProxy;
  readonly table: FaultProxy;
}

/** A named moment in a model's life: a request that is on its way to a store, or has done its work there unheard. */
export interface Point<S = Pair> {
  readonly name: string;
  readonly store: keyof Networks;
  readonly moment: Moment;
  readonly fits: (subject: S) => (request: Seen) => boolean;
  readonly ofJob?: boolean;
}

/** A point in the life of one pair, or of one partition; nothing is held there yet. */
export interface Place {
  readonly name: string;
  readonly moment: Moment;
  readonly hold: (networks: Networks) => Held;
  /** The request is a job's, which outlives every worker. */
  readonly ofJob: boolean;
}

/** Each point in the life of another subject. */
export function places<S>(points: readonly Point<S>[], subjects: readonly S[]): readonly Place[] {
  return points.map(({ name, store, moment, fits, ofJob = false }, index) => {
    const subject = subjects[index];
    if (subject === undefined) throw new RangeError(`${points.length} points, ${subjects.length} subjects`);
    return { name, moment, ofJob, hold: (networks) => networks[store].hold(moment, fits(subject)) };
  });
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

/** The two sides of the commit of a manifest below `prefix`, of whatever kind. */
function commit<S>(
  what: string,
  prefix: (subject: S) => string,
): readonly [before: Point<S>, after: Point<S>] {
  const fits = (subject: S) => (request: Seen) =>
    request.method === 'PUT' &&
    request.path.includes(prefix(subject)) &&
    /\/manifest\.json(\?|$)/.test(request.path);
  return [
    { name: `the files of ${what} are up, their manifest is not`, store: 'objects', moment: 'before', fits },
    { name: `the commit of ${what} is done, unheard`, store: 'objects', moment: 'after', fits },
  ];
}

const trainings = (pair: Pair): string => `/models/${folder(pair)}`;
const trainedModel = (pair: Pair, path: string): boolean =>
  path.includes(trainings(pair)) && path.split('?')[0]?.endsWith('/model.onnx') === true;
const spec = (pair: Pair, path: string) => path.includes(dagSpecKey(pair));
const scores = (pair: Pair): string => `/scores/${folder(pair)}`;
const scoresPart = (pair: Pair, path: string): boolean =>
  path.includes(scores(pair)) && path.includes('.parquet');

const [scoresUp, scoresCommitted] = commit('scores', scores);

/** Between the start of a training and its version. */
export const UNTIL_REGISTERED: readonly Point[] = [
  { ...object('the job runs', 'before', trainedModel), ofJob: true },
  ...commit('a training', trainings),
  command('the version is not committed', 'before', 'register'),
  command('the version is committed, unheard', 'after', 'register'),
];

/** Between an approval and the end of the lifecycle. */
export const UNTIL_LIVE: readonly Point[] = [
  command('the deployment is scheduled, unheard', 'after', 'deploy_approved'),
  command('the promotion is not committed', 'before', 'promote'),
  command('the promotion is committed, unheard, and no DAG spec is written', 'after', 'promote'),
  object('the DAG spec is not written', 'before', spec),
  command('the DAG spec is written and recorded, unheard', 'after', 'record_spec'),
];

/** Between the request for a day's scores and their commit: two, since a scoring process does no more at once. */
export const UNTIL_SCORED: readonly Point[] = [
  object('a part is up, unheard', 'after', scoresPart),
  scoresUp,
];

/** About the commit of a day's scores. */
export const COMMITTING_SCORES: readonly Point[] = [
  scoresCommitted,
  scoresItem('the scores are committed and not listed', 'before'),
];

/** About the commit of a partition, by its date. */
export const COMMITTING_PARTITIONS: readonly Point<string>[] = commit('a partition', (dt) => `/dt=${dt}/`);

/** Between an approval on its way and the approver who hears of it. */
export const UNTIL_JUDGED: readonly Point[] = [
  command('the approval is not committed', 'before', 'judge'),
  command('the approval is committed, unheard, and nobody was told', 'after', 'judge'),
];
