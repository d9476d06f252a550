import { CustomAttributeType, Entity } from 'electrodb';
import type { TableHandle } from '#platform/table/table.ts';
import type { Attempts } from './attempts.ts';
import type { Deployment, EndedBy } from './deployments/deployment.ts';
import { createLiveEntities } from './deployments/live-entities.ts';
import {
  entityModel,
  number,
  pairAttributes,
  pairListing,
  pairPartition,
  sortKey,
  text,
} from './entity-parts.ts';
import { createLabelEntities } from './labels/label-entities.ts';
import type { Pair } from '#configs/pair.ts';
import type { CardRevision } from './cards/current-card.ts';
import type { PairState } from './pair-state.ts';
import type { DeploymentOrder, Judgement, Lives, Stage, Withdrawal } from './versions/stage.ts';
import type { Version } from './versions/version.ts';

/** The part of a pair's state that every commit writes as a whole; the rest has its own attributes. */
export type HeadState = Omit<PairState, keyof Pair | 'seq' | 'attempts' | 'dossier'> & {
  readonly dossier: { readonly count: number; readonly digest: string };
};

/** The request for a deployment; never changes. */
export type DeploymentTerms = Omit<
  Deployment,
  keyof Pair | 'deployment' | 'status' | 'live_from' | 'live_until' | 'ended_by'
>;

/**
 * The registry's items. Keys are spelled out and keep their letter case, because they are part of the stored data.
 * `gsi1` finds pairs by due time; `gsi2` lists pairs, versions by stage, tagged versions, and aliases by name. Both hold
 * only keys, so a write that changes no key of an item writes to no index.
 */
export function createEntities(table: TableHandle) {
  const options = { client: table.client, table: table.name };
  const head = new Entity(
    {
      model: entityModel('head'),
      attributes: {
        ...pairAttributes,
        seq: { type: 'number', required: true },
        state: { type: CustomAttributeType<HeadState>('any'), required: true },
        /**
         * By listener: it has received dossier entries 1..n. Only the outbox changes it, without a change of `seq`.
         */
        delivered: { type: CustomAttributeType<Readonly<Record<string, number>>>('any') },
        /** Only the reconciler changes it, without a change of `seq`. Absent if every step had its effect. */
        attempts: { type: CustomAttributeType<Attempts>('any') },
        /**
         * The latest instant for which somebody was told which version was live. Only readers change it, without a
         * change of `seq`; no later commit may change an instant up to it.
         */
        answered_until: { type: 'string' },
        listing_shard: text,
        /** When the reconciler should next check the pair; see `due-at.ts`. Absent for a pair at rest. */
        due_at: { type: 'string' },
        /** Present with `due_at`. */
        due_shard: { type: 'string' },
      },
      indexes: {
        byPair: { pk: pairPartition, sk: sortKey([], 'head') },
        byDue: {
          index: 'gsi1',
          projection: 'keys_only',
          pk: {
            field: 'gsi1pk',
            composite: ['due_shard'],
            template: 'registry#due#${due_shard}',
            casing: 'none',
          },
          sk: {
            field: 'gsi1sk',
            composite: ['due_at', 'model', 'feature_set'],
            template: '${due_at}/${model}/${feature_set}',
            casing: 'none',
          },
        },
        listed: pairListing('pair'),
      },
    },
    options,
  );

  /** Exists while a step of the pair's reconciler fails, for the listing of such pairs. */
  const failing = new Entity(
    {
      model: entityModel('failing'),
      attributes: { ...pairAttributes, listing_shard: text },
      indexes: {
        byPair: { pk: pairPartition, sk: sortKey([], 'failing') },
        listed: pairListing('failing'),
      },
    },
    options,
  );

  const version = new Entity(
    {
      model: entityModel('version'),
      attributes: {
        ...pairAttributes,
        version: number,
        body: { type: CustomAttributeType<Version>('any'), required: true },
      },
      indexes: { byPair: { pk: pairPartition, sk: sortKey(['version'], 'version#${version}') } },
    },
    options,
  );

  const stage = new Entity(
    {
      model: entityModel('stage'),
      attributes: {
        ...pairAttributes,
        version: number,
        stage: { type: CustomAttributeType<Stage>('string'), required: true },
        listing_shard: text,
        since: text,
        judgements: { type: CustomAttributeType<readonly Judgement[]>('any'), required: true },
        withdrawal: { type: CustomAttributeType<Withdrawal>('any') },
        card: { type: CustomAttributeType<CardRevision | null>('any') },
        lives: { type: CustomAttributeType<Lives>('any') },
        was_approved: { type: 'boolean' },
        order: { type: CustomAttributeType<DeploymentOrder>('any') },
      },
      indexes: {
        byPair: { pk: pairPartition, sk: sortKey(['version'], 'stage#${version}') },
        byStage: {
          index: 'gsi2',
          projection: 'keys_only',
          pk: {
            field: 'gsi2pk',
            composite: ['stage', 'listing_shard'],
            template: 'registry#stage#${stage}#${listing_shard}',
            casing: 'none',
          },
          sk: {
            field: 'gsi2sk',
            composite: ['model', 'feature_set', 'version'],
            template: '${model}/${feature_set}/${version}',
            casing: 'none',
          },
        },
      },
    },
    options,
  );

  const deployment = new Entity(
    {
      model: entityModel('deployment'),
      attributes: {
        ...pairAttributes,
        deployment: number,
        status: { type: CustomAttributeType<Deployment['status']>('string'), required: true },
        live_from: { type: 'string' },
        live_until: { type: 'string' },
        ended_by: { type: CustomAttributeType<EndedBy>('string') },
        terms: { type: CustomAttributeType<DeploymentTerms>('any'), required: true },
      },
      indexes: { byPair: { pk: pairPartition, sk: sortKey(['deployment'], 'deployment#${deployment}') } },
    },
    options,
  );

  /** The version registered from a training: each training is registered once. */
  const training = new Entity(
    {
      model: entityModel('training'),
      attributes: { ...pairAttributes, training_id: text, version: { type: 'number', required: true } },
      indexes: { byPair: { pk: pairPartition, sk: sortKey(['training_id'], 'training#${training_id}') } },
    },
    options,
  );

  /** The result of a command. It never expires, so a command can be repeated at any time. */
  const command = new Entity(
    {
      model: entityModel('command'),
      attributes: {
        ...pairAttributes,
        kind: text,
        command_id: text,
        /** The command's input; the same id with a different subject is rejected. */
        subject: text,
        result: { type: CustomAttributeType<unknown>('any') },
      },
      indexes: {
        byPair: {
          pk: pairPartition,
          sk: sortKey(['kind', 'command_id'], 'command#${kind}#${command_id}'),
        },
      },
    },
    options,
  );

  const entry = new Entity(
    {
      model: entityModel('dossier'),
      attributes: { ...pairAttributes, entry: number, text, digest: text },
      indexes: { byPair: { pk: pairPartition, sk: sortKey(['entry'], 'dossier#${entry}') } },
    },
    options,
  );

  return {
    head,
    failing,
    version,
    stage,
    deployment,
    training,
    command,
    entry,
    ...createLiveEntities(table),
    ...createLabelEntities(table),
  };
}

export type Entities = ReturnType<typeof createEntities>;
