import { randomUUID } from 'node:crypto';
import { basename, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { entityColumns } from '#configs/entity.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { PartFile } from '#features/partitions/partition.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { downloadVerified } from '#platform/objects/verified-object.ts';
import { withScratchFolder } from '#platform/local-files.ts';
import type { Artifact } from '#training/record.ts';
import type { EntityBatch, LocalSlice } from './feature-rows.ts';
import { columnTypes, readFeatureRows } from './feature-rows.ts';
import { loadModel, loadSignature, SCORE_FILE_CODES } from './model-files.ts';
import type { Shard } from './plan.ts';
import { reasonCodes } from './reason-codes.ts';
import { startScoreFile, type ScoredRows } from './score-file.ts';
import { scoresPrefix, type ScoresRef } from './scores.ts';
import type { ScoringEngine } from './scoring-engine.ts';
import type { Signature } from './signature.ts';
import { startTally, type Tally } from './tally.ts';

export interface ScoreShardDeps {
  readonly objects: ObjectStore;
  /** Folder for files that are needed only while one shard is scored. */
  readonly scratch: string;
  /** Memory limit of DuckDB, such as `1GB`; beyond it DuckDB spills to the scratch folder. */
  readonly memory?: string;
  /** Called after each batch with the number of rows done. */
  readonly heartbeat?: (rows: number) => void;
  readonly signal?: AbortSignal;
}

export interface ScoreShardInput {
  readonly ref: ScoresRef;
  readonly shard: Shard;
  /** Date of the feature partition, `YYYY-MM-DD`. */
  readonly partition_date: string;
  /** Artifacts of the version; `model.onnx` and `signature.json` are read. */
  readonly artifacts: readonly Artifact[];
  readonly cut_off: number;
}

/** What a shard contributes to the manifest. */
export interface ShardScores {
  readonly index: number;
  readonly part: PartFile;
  readonly declined: number;
  readonly probability_sum: number;
  readonly tally: Tally;
}

/**
 * Scores one shard and uploads one Parquet part under a name unique to the attempt; commits nothing. Verifies the SHA-256
 * of every file it reads. A row is declined if its probability is at or above the cut-off, and then has reason codes. The
 * same input gives the same bytes.
 */
export async function scoreShard(deps: ScoreShardDeps, input: ScoreShardInput): Promise<ShardScores> {
  return withScratchFolder(deps.scratch, async (folder) => {
    const signature = await loadSignature(deps.objects, input.artifacts);
    await using engine = await loadModel(deps.objects, input.artifacts, signature);
    const slices = await fetchSlices(deps.objects, input.shard, folder);
    const path = join(folder, 'scores.parquet');
    const totals = await scoreFile(deps, input, { signature, engine, slices, folder, path });
    const key = `${scoresPrefix(input.ref)}${input.shard.name}.${randomUUID()}.parquet`;
    const { size, sha256 } = await deps.objects.putFile(key, path, 'application/vnd.apache.parquet');
    return { index: input.shard.index, part: { key, size, sha256, rows: totals.rows }, ...totals.scores };
  });
}

interface Work {
  readonly signature: Signature;
  readonly engine: ScoringEngine;
  readonly slices: readonly LocalSlice[];
  readonly folder: string;
  readonly path: string;
}

async function scoreFile(deps: ScoreShardDeps, input: ScoreShardInput, work: Work) {
  const { signature, engine, slices } = work;
  const database = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: deps.memory ?? '1GB',
    temp_directory: join(work.folder, 'spill'),
  });
  try {
    const reading = await database.connect();
    const types = await columnTypes(reading, signature, slices);
    const entity = entityColumns(signature).map((name) => {
      const type = types.get(name);
      if (type === undefined) throw new TypeError(`The shard has no column "${name}".`);
      return { name, type };
    });
    const file = await startScoreFile(await database.connect(), entity);
    const tally = startTally(signature);
    let rows = 0;
    let declined = 0;
    let probability_sum = 0;
    for await (const batch of readFeatureRows(reading, signature, slices)) {
      deps.signal?.throwIfAborted();
      const scored = await scoreBatch(engine, signature, batch, input.cut_off);
      tally.add(batch, scored.probabilities);
      file.append(scored);
      rows += batch.rows;
      declined += scored.declined.filter(Boolean).length;
      probability_sum = scored.probabilities.reduce((sum, value) => sum + value, probability_sum);
      deps.heartbeat?.(rows);
    }
    refuseMissingRows(input, rows);
    const { score_date, version } = input.ref;
    await file.write(work.path, { score_date, version, partition_date: input.partition_date });
    return { rows, scores: { declined, probability_sum, tally: tally.result() } };
  } finally {
    database.closeSync();
  }
}

/** DuckDB ends a stream silently when it fails midway, so the row count is checked; otherwise entities would go unscored. */
function refuseMissingRows({ ref, shard }: ScoreShardInput, rows: number): void {
  if (rows === shard.rows) return;
  const where = scoresPrefix(ref);
  const details = { shard: shard.name, rows, expected: shard.rows };
  throw new MillraceError('SCORE_ROWS_MISSING', `Shard ${shard.name} gave ${rows} of ${shard.rows} rows.`, {
    where,
    details,
  });
}

async function scoreBatch(
  engine: ScoringEngine,
  signature: Signature,
  batch: EntityBatch,
  cutOff: number,
): Promise<ScoredRows> {
  const probabilities = await engine.probabilities(batch);
  const declined = Array.from(probabilities, (probability) => probability >= cutOff);
  const declinedRows = declined.flatMap((is, row) => (is ? [row] : []));
  const codes = await reasonCodes(engine, signature, batch, probabilities, declinedRows);
  const reasons: (readonly string[])[] = Array.from({ length: batch.rows }, () => []);
  for (const [nth, row] of declinedRows.entries()) reasons[row] = codes[nth] ?? [];
  return { entities: batch.entities, probabilities, declined, reasons };
}

async function fetchSlices(
  objects: ObjectStore,
  shard: Shard,
  folder: string,
): Promise<readonly LocalSlice[]> {
  const slices: LocalSlice[] = [];
  for (const [index, slice] of shard.slices.entries()) {
    const path = join(folder, `${index}-${basename(slice.key)}`);
    await downloadVerified(objects, slice, path, SCORE_FILE_CODES);
    slices.push({ ...slice, path });
  }
  return slices;
}
