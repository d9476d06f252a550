import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { MillraceError } from '#errors/millrace-error.ts';
import { compareAndSet, type Decision } from '#platform/table/compare-and-set.ts';
import { keyOfToken, tokenOfKey, type Page, type PageRequest } from '#platform/table/page.ts';
import type { TableHandle, TransactItem } from '#platform/table/table.ts';
import { turnOf, type Admitted, type JobLimits, type Refusal } from './admission-order.ts';
import { findJob, placeOf, recordKey, type JobRecord } from './job-records.ts';
import { ADMISSION as PARTITION, rememberWaiting, waitingJobs, waitingKey } from './waiting-jobs.ts';

/** A job that may exist now. It stands from before the job is created until it has ended. */
export type Licence = Omit<JobRecord, 'given_up_at'>;

/** How a job asks for admission. */
export interface Asking {
  readonly priority: number;
  /** When the job began to wait, in milliseconds on the Temporal server's clock. */
  readonly since: number;
  /** When this attempt was due, on the same clock. */
  readonly now: number;
  readonly limits: () => Promise<JobLimits>;
  /** Whether the machine has no room for the job that is asked for here. */
  readonly isMachineFull: () => Promise<boolean>;
  /** After how long it will ask again, by the number of jobs ahead of it, milliseconds. */
  readonly waitMs: (ahead: number) => number;
}

/** The record of an admitted job, or why it waits and for how long, with the limits that were asked. */
export type Admission =
  | { readonly record: JobRecord }
  | {
      readonly full: Refusal['full'] | 'machine';
      readonly ahead: number;
      readonly waitMs: number;
      readonly limits: JobLimits;
    };

const COUNT = { pk: PARTITION, sk: 'count' } as const;
const JOB = 'job#';
const TEAM = 'team#';
/** Beyond the time at which a job will ask again: its attempt has to get a slot first. */
const GRACE_MS = 30_000;
/** Longer than fifty writers at once need. */
const DEADLINE_MS = 20_000;

const licenceKey = (key: string) => ({ pk: PARTITION, sk: `${JOB}${key}` });

/**
 * Records the job and gives it a licence if it is its turn (`turnOf`); otherwise it is remembered among those that wait.
 * Record, licence and count are one transaction, so the count is that of the licences after any crash. A job that has a
 * record was admitted before, even if it has ended since: its first record is returned, and `limits` is not asked.
 */
export async function admitJob(table: TableHandle, record: JobRecord, asking: Asking): Promise<Admission> {
  const { team, handle } = record;
  const { priority, since } = asking;
  let now = asking.now;
  const admission = await changeCount<Admission>(table, async () => {
    const [known, admitted, others] = await Promise.all([
      findJob(table, placeOf(record)),
      admittedJobs(table),
      waitingJobs(table),
    ]);
    if (known !== undefined) return { settled: { record: known } };
    const limits = await asking.limits();
    // An attempt that waited long for a slot was due before the others asked.
    now = Math.max(asking.now, ...others.map(({ asked_at }) => asked_at));
    const self = { key: handle.key, team, priority, since, asked_at: now, asks_by: now };
    const turn = turnOf(self, others, admitted, limits, now);
    const full = turn.admitted ? (await asking.isMachineFull()) && 'machine' : turn.full;
    if (full !== false) {
      const { ahead } = turn;
      return { settled: { full, ahead, waitMs: asking.waitMs(ahead), limits } };
    }
    const { given_up_at: _, ...licence } = record;
    return {
      write: [
        putNew(table, { ...recordKey(placeOf(record)), ...record }),
        putNew(table, { ...licenceKey(handle.key), ...licence }),
        countOneMore(table, team, { in_all: limits.in_all, of_team: limits.of_team(team) }),
        { Delete: { TableName: table.name, Key: waitingKey(handle.key) } },
      ],
      result: { record },
    };
  });
  if ('waitMs' in admission) {
    const asks_by = now + admission.waitMs + GRACE_MS;
    await rememberWaiting(table, record, { key: handle.key, team, priority, since, asked_at: now, asks_by });
  }
  return admission;
}

/** The job has ended, or its machine is lost. Idempotent. */
export async function giveBackLicence(table: TableHandle, key: string, team?: string): Promise<void> {
  // Whoever knows the team need not read it first.
  let known = team;
  await changeCount<void>(table, async () => {
    const counted = known ?? (await findLicence(table, key))?.team;
    if (counted === undefined) return { settled: undefined };
    known = undefined;
    const Delete = {
      TableName: table.name,
      Key: licenceKey(key),
      ConditionExpression: 'attribute_exists(pk)',
    };
    return { write: [{ Delete }, countOneLess(table, counted)], result: undefined };
  });
}

/** Strongly consistent. */
export async function findLicence(table: TableHandle, key: string): Promise<Licence | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: licenceKey(key), ConsistentRead: true }),
  );
  return Item === undefined ? undefined : licenceOf(Item);
}

/** Licences by the key of their job. Throws `PAGE_TOKEN_INVALID`. */
export async function licences(table: TableHandle, page: PageRequest = {}): Promise<Page<Licence>> {
  const { limit = 50, after } = page;
  const { Items = [], LastEvaluatedKey } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :job)',
      ExpressionAttributeValues: { ':pk': PARTITION, ':job': JOB },
      ConsistentRead: true,
      Limit: limit,
      ...(after === undefined
        ? {}
        : { ExclusiveStartKey: { pk: PARTITION, sk: keyOfToken(after, /^job#[a-z0-9-]+$/) } }),
    }),
  );
  const last = LastEvaluatedKey?.['sk'] as string | undefined;
  return { items: Items.map(licenceOf), ...(last === undefined ? {} : { next: tokenOfKey(last) }) };
}

/** Strongly consistent. */
export async function admittedJobs(table: TableHandle): Promise<Admitted> {
  const { Item = {} } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: COUNT, ConsistentRead: true }),
  );
  const teams = Object.entries(Item).filter(([name]) => name.startsWith(TEAM));
  return {
    in_all: Number(Item['in_all'] ?? 0),
    of_team: Object.fromEntries(teams.map(([name, count]) => [name.slice(TEAM.length), Number(count)])),
  };
}

function changeCount<T>(table: TableHandle, decide: () => Promise<Decision<T>>): Promise<T> {
  const busy = (rounds: number) =>
    new MillraceError('STORE_UNREACHABLE', `The count of jobs changed in each of ${rounds} rounds.`);
  return compareAndSet(table, { decide, deadlineMs: DEADLINE_MS, busy });
}

function putNew({ name }: TableHandle, Item: Readonly<Record<string, unknown>>): TransactItem {
  return { Put: { TableName: name, Item, ConditionExpression: 'attribute_not_exists(pk)' } };
}

/** The condition holds whatever was read, so no number of writers can exceed a limit. */
function countOneMore(
  { name }: TableHandle,
  team: string,
  limits: { readonly in_all: number; readonly of_team: number },
): TransactItem {
  return {
    Update: {
      TableName: name,
      Key: COUNT,
      UpdateExpression: 'ADD #all :one, #team :one',
      ConditionExpression:
        '(attribute_not_exists(#all) OR #all < :all) AND (attribute_not_exists(#team) OR #team < :team)',
      ExpressionAttributeNames: { '#all': 'in_all', '#team': `${TEAM}${team}` },
      ExpressionAttributeValues: { ':one': 1, ':all': limits.in_all, ':team': limits.of_team },
    },
  };
}

function countOneLess({ name }: TableHandle, team: string): TransactItem {
  return {
    Update: {
      TableName: name,
      Key: COUNT,
      UpdateExpression: 'ADD #all :less, #team :less',
      ExpressionAttributeNames: { '#all': 'in_all', '#team': `${TEAM}${team}` },
      ExpressionAttributeValues: { ':less': -1 },
    },
  };
}

function licenceOf(item: Readonly<Record<string, unknown>>): Licence {
  const { pk: _pk, sk: _sk, ...licence } = item;
  return licence as unknown as Licence;
}
