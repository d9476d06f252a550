import { digestOf } from '#configs/canonical.ts';
import { SWEEP_GRACE_MS, type CommitFolders } from '#platform/manifests/sweep-strays.ts';
import { REFUSED_ROWS, REFUSED_ROWS_DAYS } from '#features/partitions/partition.ts';
import { UPLOADS } from '#training/upload.ts';
import { workflowId } from '#workflows/contract/ids.ts';

/** Folders committed by a manifest, and the ids of the workflows that may write to each. */
interface WrittenFolders {
  readonly prefix: string;
  readonly folder: RegExp;
  readonly writers: (names: Readonly<Record<string, string>>) => readonly string[];
  readonly graceMs?: number;
}

/**
 * Every prefix that is swept, in key order. Cards, configs, dossiers and DAG specs are referenced by the table, and
 * raw data belongs to others.
 */
const WRITTEN: readonly WrittenFolders[] = [
  {
    prefix: 'features/',
    folder: /^features\/(?<set>[^/]+)\/(?<definition>[0-9a-f]{32})\/dt=(?<dt>[^/]+)\/r(?<revision>\d+)\//,
    writers: ({ set = '', definition = '', dt = '', revision }) => [
      workflowId.materialise({
        feature_set: set,
        definition_digest: definition,
        dt,
        revision: Number(revision),
      }),
    ],
  },
  {
    prefix: 'models/',
    folder:
      /^models\/model=(?<model>[^/]+)\/feature_set=(?<set>[^/]+)\/training=(?<asOf>\d{4}-\d\d-\d\d)-(?<digest>[0-9a-f]{32})\//,
    writers: ({ model = '', set = '', asOf = '', digest = '' }) => {
      const key = { model, feature_set: set, training_digest: digest, as_of: asOf };
      return [workflowId.train(key), workflowId.import(key)];
    },
  },
  {
    prefix: 'scores/',
    folder:
      /^scores\/model=(?<model>[^/]+)\/feature_set=(?<set>[^/]+)\/score_date=(?<date>[^/]+)\/version=(?<version>\d+)\/r(?<revision>\d+)\//,
    writers: ({ model = '', set = '', date = '', version, revision }) => [
      workflowId.score({
        model,
        feature_set: set,
        version: Number(version),
        score_date: date,
        revision: Number(revision),
      }),
    ],
  },
  {
    // Rows that failed a check are only there to be looked at.
    prefix: REFUSED_ROWS,
    folder: /^staged\/features\/[^/]+\/[0-9a-f]{32}\/dt=[^/]+\/r\d+\//,
    writers: () => [],
    graceMs: REFUSED_ROWS_DAYS * 24 * 3_600_000,
  },
  {
    // An import copies what it uses, and an upload expires before its files are old enough to be swept.
    prefix: UPLOADS,
    folder: /^uploads\/model=[^/]+\/feature_set=[^/]+\/upload=[0-9a-f]{32}\//,
    writers: () => [],
  },
];

/** Changes with what is swept, so that what an earlier release had settled is looked at again. */
export const SWEEP_RULES = digestOf({
  graceMs: SWEEP_GRACE_MS,
  folders: WRITTEN.map(({ prefix, folder, graceMs = SWEEP_GRACE_MS }) => [prefix, folder.source, graceMs]),
});

/** The kinds of folders below their prefixes. `isRunning` returns whether a workflow with this id is running. */
export function commitFolders(isRunning: (workflowId: string) => Promise<boolean>): CommitFolders[] {
  return WRITTEN.map(({ prefix, folder, writers, graceMs }) => ({
    prefix,
    ...(graceMs !== undefined && { graceMs }),
    folderOf: (key) => folder.exec(key)?.[0],
    isOpen: async (path) => {
      const names = folder.exec(path)?.groups;
      if (names === undefined) return false;
      for (const id of writers(names)) if (await isRunning(id)) return true;
      return false;
    },
  }));
}
