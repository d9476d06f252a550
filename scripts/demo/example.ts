import { join } from 'node:path';
import { type ConfigSet, loadConfigs } from '#configs/load.ts';
import type { ConfigFile } from '#configs/problem.ts';
import { readConfigFolder } from '#configs/read-folder.ts';
import { labelEnd } from '#features/calendar.ts';
import { ROOT } from '#local/tools.ts';

/** The pair, dates and files of the demo, read from the example configs so that the code does not repeat them. */
export interface Example {
  readonly files: readonly ConfigFile[];
  /** The same model with other parameters, which takes over as version 2. */
  readonly challenger: readonly ConfigFile[];
  readonly model: string;
  readonly set: string;
  readonly from: string;
  readonly to: string;
  /** First date on which the newest partition's labels are complete. */
  readonly asOf: string;
  /** Owners of the documents, sorted. */
  readonly teams: readonly string[];
}

export async function readExample(): Promise<Example> {
  const files = await readConfigFolder(join(ROOT, 'configs/examples/credit'));
  const challenger = await readConfigFolder(join(ROOT, 'configs/examples/credit-challenger'));
  const { documents, problems } = loadConfigs(files);
  const [model] = documents.models.values();
  const set = model && documents.featureSets.get(model.feature_set);
  if (problems.length > 0 || set?.partition.end === undefined) {
    throw new Error(`The example configs have problems: ${JSON.stringify(problems)}`);
  }
  const { start, end } = set.partition;
  return {
    files,
    challenger,
    model: model?.name ?? '',
    set: set.name,
    from: start,
    to: end,
    asOf: labelEnd(end, model?.label.horizon ?? ''),
    teams: ownersOf(documents),
  };
}

function ownersOf({ sources, featureSets, models }: ConfigSet): string[] {
  const owned = [...sources.values(), ...featureSets.values(), ...models.values()];
  return [...new Set(owned.map(({ owner }) => owner))].sort();
}
