import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { MillraceError } from '#errors/millrace-error.ts';
import { compareAndSet, type Decision } from '#platform/table/compare-and-set.ts';
import { keyOfToken, tokenOfKey, type Page, type PageRequest } from '#platform/table/page.ts';
import type { TableHandle, TransactItem } from '#platform/table/table.ts';
import { findJob, placeOf, recordKey, type JobRecord } from './job-records.ts';

/** A job that may exist now. It stands from before the job is created until it has ended. */
export type Licence = Omit<JobRecord, 'given_up_at'>;

/** How many jobs may exist at the same time. */
export interface JobLimits {
  readonly in_all: number;
  /** Of the team in question. */
  readonly of_team: number;
}

/** Admitted jobs now. */
export interface Admitted {
  readonly in_all: number;
  /** Teams without a job may be missing or 0. */
  readonly of_team: Readonly<Record<string, number>>;
}

/** The record of an admitted job, or the limit that is reached, with all limits. */
export type Admission =
  { readonly record: JobRecord } | { readonly full: keyof JobLimits; readonly most: JobLimits };

const PARTITION = 'ADMITTED';
const COUNT = { pk: PARTITION, sk: 'count' } as const;
const JOB = 'job#';
const TEAM = 'team#';
/** Longer than fifty writers at once need. */
const DEADLINE_MS = 20_000;

const licenceKey = (key: string) => ({ pk: PARTITION, sk: `${JOB}${key}` });

/**
 * Records the job and gives it a licence, unless a limit is reached. Record, licence and count are one transaction, so the
 * count is that of the licences after any crash. A job that has a record was admitted before, even if it has ended since:
 * its first record is returned, and `limits` is not asked.
 */
export function admitJob(
  table: TableHandle,
  record: JobRecord,
  limits: () => Promise<JobLimits>,
): Promise<Admission> {
  return changeCount<Admission>(table, async () => {
    const [known, admitted] = await Promise.all([findJob(table, placeOf(record)), admittedJobs(table)]);
    if (known !== undefined) return { settled: { record: known } };
    const most = await limits();
    if (admitted.in_all >= most.in_all) return { settled: { full: 'in_all', most } };
    if ((admitted.of_team[record.team] ?? 0) >= most.of_team) return { settled: { full: 'of_team', most } };
    const { given_up_at: _, ...licence } = record;
    return {
      write: [
        putNew(table, { ...recordKey(placeOf(record)), ...record }),
        putNew(table, { ...licenceKey(record.handle.key), ...licence }),
        countOneMore(table, record.team, most),
      ],
      result: { record },
    };
  });
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
function countOneMore({ name }: TableHandle, team: string, limits: JobLimits): TransactItem {
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
