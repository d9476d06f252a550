import { entityColumns } from '../entity.ts';
import { FIRST_PARTITION_DATE, LAST_PARTITION_DATE } from '../partition-dates.ts';
import type { FeatureSetConfig } from '../feature-set.ts';
import type { Fault } from '../schema-problems.ts';
import { checkFaults } from './check-rules.ts';
import { isReservedColumn, reservedFault, sameButForCase } from './column-names.ts';
import { entityFaults } from './entity-rules.ts';
import { fault, type References, repeated, unknownName } from './references.ts';
import { timeZoneFaults } from './time-zone-rules.ts';
import { upstreamFaults } from './upstream-rules.ts';

export function featureSetFaults(set: FeatureSetConfig, references: References): Fault[] {
  return [
    ...set.sources.flatMap((name, index) => unknownName(references, 'Source', name, ['sources', index])),
    ...repeated(set.sources, ['sources']),
    ...set.feature_sets.flatMap((name, index) =>
      unknownName(references, 'FeatureSet', name, ['feature_sets', index]),
    ),
    ...repeated(set.feature_sets, ['feature_sets']),
    ...inputFaults(set),
    ...partitionFaults(set),
    ...timeZoneFaults(set.partition.time_zone, ['partition', 'time_zone']),
    ...upstreamFaults(set, references),
    ...entityFaults(set, references),
    ...sameButForCase(Object.keys(set.features), ['features'], entityColumns(set)),
    ...featureFaults(set, references),
    ...set.checks.flatMap((check, index) => checkFaults(set, check, index, references)),
    ...cycleFaults(set, references),
  ];
}

function inputFaults(set: FeatureSetConfig): Fault[] {
  if (set.sources.length + set.feature_sets.length === 0) {
    return [
      fault('CONFIG_INVALID_VALUE', [], 'the set reads no source and no other set', {
        expected: 'at least one name under sources or feature_sets',
      }),
    ];
  }
  return [];
}

function partitionFaults(set: FeatureSetConfig): Fault[] {
  const { grain, start, end } = set.partition;
  const offGrain = (key: 'start' | 'end', date: string | undefined) =>
    grain === 'month' && date !== undefined && !date.endsWith('-01')
      ? [
          fault('CONFIG_DATE_OFF_GRAIN', ['partition', key], `${date} is not the first day of a month`, {
            expected: `a first of a month, such as ${date.slice(0, 8)}01`,
          }),
        ]
      : [];
  return [
    ...stalenessFaults(set),
    ...offGrain('start', start),
    ...offGrain('end', end),
    ...(start < FIRST_PARTITION_DATE || start > LAST_PARTITION_DATE
      ? [
          fault('CONFIG_INVALID_VALUE', ['partition', 'start'], `no partition lies at ${start}`, {
            expected: `a date from ${FIRST_PARTITION_DATE} to ${LAST_PARTITION_DATE}`,
          }),
        ]
      : []),
    ...(end !== undefined && end < start
      ? [
          fault(
            'CONFIG_INVALID_VALUE',
            ['partition', 'end'],
            `the end ${end} lies before the start ${start}`,
            {
              expected: `${start} or later`,
            },
          ),
        ]
      : []),
  ];
}

/** On the 31st, the partition of the first of the month is 30 days old. */
const MONTH_DAYS = 31;

/** A partition must be able to serve until the next one exists. */
function stalenessFaults({ partition: { grain, max_staleness } }: FeatureSetConfig): Fault[] {
  if (grain === 'day' || Number.parseInt(max_staleness, 10) >= MONTH_DAYS) return [];
  const message = `partitions are a month apart, so with ${max_staleness} none serves the end of a month`;
  return [
    fault('CONFIG_INVALID_VALUE', ['partition', 'max_staleness'], message, {
      expected: `${MONTH_DAYS}d or more`,
    }),
  ];
}

function featureFaults(set: FeatureSetConfig, { configs }: References): Fault[] {
  const sensitive = new Map<string, string>();
  for (const name of set.sources) {
    for (const column of configs.sources.get(name)?.sensitive ?? [])
      sensitive.set(column.toLowerCase(), name);
  }
  return Object.entries(set.features).flatMap(([name, feature]) => {
    const path = ['features', name];
    const source = sensitive.get(name.toLowerCase());
    const faults: Fault[] = [];
    if (source !== undefined) {
      const message = `${name} is a sensitive column of source ${source}`;
      faults.push(fault('CONFIG_SENSITIVE_FEATURE', path, message, { at: 'key' }));
    }
    if (isReservedColumn(name)) faults.push(reservedFault(name, path, 'key'));
    if (feature.monotonic !== undefined && (feature.type === 'string' || feature.type === 'boolean')) {
      const message = `a ${feature.type} feature has no direction to grow in`;
      faults.push(fault('CONFIG_INVALID_VALUE', [...path, 'monotonic'], message));
    }
    return faults;
  });
}

/** Reports a cycle at each of its sets, at the entry that leads back. */
function cycleFaults(set: FeatureSetConfig, { configs }: References): Fault[] {
  return set.feature_sets.flatMap((first, index) => {
    const way = wayBack(first, set.name, configs.featureSets, new Set());
    if (way === undefined) return [];
    const message = `these sets read each other: ${[set.name, ...way].join(' → ')}`;
    return [fault('CONFIG_CYCLE', ['feature_sets', index], message)];
  });
}

function wayBack(
  from: string,
  to: string,
  sets: ReadonlyMap<string, FeatureSetConfig>,
  seen: Set<string>,
): string[] | undefined {
  if (from === to) return [to];
  if (seen.has(from)) return undefined;
  seen.add(from);
  for (const next of sets.get(from)?.feature_sets ?? []) {
    const rest = wayBack(next, to, sets, seen);
    if (rest !== undefined) return [from, ...rest];
  }
  return undefined;
}
