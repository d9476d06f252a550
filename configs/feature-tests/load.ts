import type { ConfigSet } from '../config-set.ts';
import { byPlace, type ConfigFile, type ConfigProblem, pathText } from '../problem.ts';
import { fault } from '../rules/references.ts';
import { textFaults } from '../rules/text-rules.ts';
import { withoutFollowing, yamlFaults } from '../rules/yaml-rules.ts';
import { type Fault, schemaFaults, shown } from '../schema-problems.ts';
import { readYamlFile, type YamlDocument } from '../yaml-file.ts';
import { testFaults } from './rules.ts';
import { featureTestSchema, type GivenYaml, type TestCase } from './schema.ts';

/** One test of a feature set, with the rows that all tests of its document have. */
export interface FeatureTest {
  readonly feature_set: string;
  /** `habits.test.yaml:12:5`. */
  readonly where: string;
  readonly given: GivenYaml;
  readonly test: TestCase;
}

export interface LoadedTests {
  /** In the order of files and lines. Do not use them while there are problems. */
  readonly tests: readonly FeatureTest[];
  readonly problems: readonly ConfigProblem[];
}

/** Reads files of tests for the feature sets of `configs`, and lists every problem with its place. Never throws. */
export function loadFeatureTests(files: readonly ConfigFile[], configs: ConfigSet): LoadedTests {
  const problems: ConfigProblem[] = [];
  const tests: FeatureTest[] = [];
  for (const file of files) {
    const read = readYamlFile(file);
    problems.push(...read.problems);
    for (const yaml of read.documents) {
      const { faults, found } = readDocument(yaml, configs);
      problems.push(...faults.map((one) => placed(yaml, one)));
      tests.push(...found);
    }
  }
  return { tests, problems: problems.toSorted(byPlace) };
}

function readDocument(
  yaml: YamlDocument,
  configs: ConfigSet,
): { readonly faults: readonly Fault[]; readonly found: readonly FeatureTest[] } {
  const { value } = yaml;
  if (typeof value !== 'object' || value === null || !('kind' in value) || value.kind !== 'FeatureTest') {
    const message = `a file of tests holds documents of kind FeatureTest, not ${shown(value)}`;
    return { faults: [fault('CONFIG_UNKNOWN_KIND', ['kind'], message)], found: [] };
  }
  const parsed = featureTestSchema.safeParse(value);
  const own = [...yamlFaults(yaml), ...textFaults(value)];
  if (!parsed.success) {
    const faults = schemaFaults('FeatureTest', value, parsed.error.issues);
    return { faults: [...withoutFollowing(faults, own), ...own], found: [] };
  }
  const { feature_set, given, tests } = parsed.data;
  return {
    faults: [...own, ...testFaults(parsed.data, configs)],
    found: tests.map((test, index) => {
      const { line, column } = yaml.place(['tests', index]);
      return {
        feature_set,
        where: `${yaml.file}:${line}:${column}`,
        given: together(given, test.given),
        test,
      };
    }),
  };
}

function together(shared: GivenYaml, own: GivenYaml): GivenYaml {
  const names = new Set([...Object.keys(shared), ...Object.keys(own)]);
  return Object.fromEntries(
    [...names].map((name) => [name, [...(shared[name] ?? []), ...(own[name] ?? [])]]),
  );
}

function placed(yaml: YamlDocument, { code, path, at, message, expected, suggestion }: Fault): ConfigProblem {
  return {
    code,
    file: yaml.file,
    ...yaml.place(path, at),
    path: pathText(['FeatureTest', ...path]),
    message,
    ...(expected !== undefined && { expected }),
    ...(suggestion !== undefined && { suggestion }),
  };
}
