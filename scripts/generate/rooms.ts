/** A top-level folder and the folders that it may import. */
export interface Room {
  readonly room: string;
  readonly holds: string;
  readonly may: readonly string[];
  /** Only types may be imported. */
  readonly types?: readonly string[];
}

const language = ['errors', 'configs'];
const outside = [...language, 'platform'];
const features = [...outside, 'catalog', 'features'];
const registry = [...features, 'training', 'registry'];
const domain = [...registry, 'scoring', 'airflow'];

/** The import order, from the bottom up. Lint rules and the diagram in docs/architecture.md are generated from it. */
export const ROOMS: readonly Room[] = [
  { room: 'errors', may: [], holds: 'the catalogue: code, meaning, remedy, exit class' },
  {
    room: 'configs',
    may: ['errors'],
    holds: 'the language of the YAML files, names, loader, JSON Schemas, the environment',
  },
  {
    room: 'platform',
    may: language,
    holds:
      'ports and adapters for outside systems: objects, table, manifests, jobs, Temporal, logs; knows nothing about models',
  },
  { room: 'access', may: outside, holds: 'API keys, principals, roles, the audit trail' },
  {
    room: 'catalog',
    may: outside,
    holds: 'applied configs: their revisions, reading them, lineage across sets',
  },
  {
    room: 'features',
    may: [...outside, 'catalog'],
    holds: 'templates to checked SQL, point in time, lineage, partitions, checks, engines',
  },
  {
    room: 'training',
    may: features,
    holds: 'a training: key, digest, request, frame, job spec, output, record, store',
  },
  {
    room: 'registry',
    may: [...features, 'training'],
    holds: 'versions, stages, deployments, dossier, live; commands; cards',
  },
  { room: 'scoring', may: registry, holds: 'signature, shards, engine, reason codes, drift, scores' },
  { room: 'airflow', may: registry, holds: 'DAG specs, and the one loader that Airflow parses' },
  {
    room: 'stores',
    may: [...domain, 'access'],
    holds: 'opens every store of an installation, for API and workers alike',
  },
  { room: 'plan', may: domain, holds: 'what a change of configs would touch' },
  {
    room: 'workflows',
    may: [...language, 'features', 'training', 'registry', 'scoring', 'airflow'],
    types: ['platform', 'activities'],
    holds: 'the lifecycles, one file each; `contract/` holds ids, messages and signals',
  },
  {
    room: 'activities',
    may: [...domain, 'plan', 'workflows'],
    holds: 'what workflows do to the outside, one file an area',
  },
  {
    room: 'bootstrap',
    may: [...outside, 'access', 'workflows'],
    holds: 'prepares an installation: table, bucket, search attributes, schedules, the first key',
  },
  {
    room: 'workers',
    may: [...domain, 'stores', 'plan', 'workflows', 'activities', 'bootstrap'],
    holds: 'the worker processes and their wiring',
  },
  {
    room: 'api',
    may: [...domain, 'stores', 'access', 'plan', 'workflows'],
    holds: 'the HTTP API: routes by URL, starts, plugins',
  },
  { room: 'client', may: language, holds: 'the typed client of the API' },
  {
    room: 'local',
    may: [...features, 'bootstrap'],
    holds: 'local servers, homes and processes; compiles and tests the feature sets of a folder',
  },
  { room: 'cli', may: [...language, 'client', 'local', 'bootstrap'], holds: 'the `millrace` command' },
  {
    room: 'bench',
    may: [...domain, 'stores', 'plan', 'workflows', 'activities', 'workers', 'bootstrap', 'client', 'local'],
    holds: 'measurements',
  },
  {
    room: 'scripts',
    may: [...outside, 'features', 'registry', 'api', 'client', 'local', 'bench'],
    holds: 'set-up, demo, checks, generators',
  },
  {
    room: 'test',
    may: [
      ...domain,
      'access',
      'stores',
      'plan',
      'workflows',
      'activities',
      'workers',
      'bootstrap',
      'api',
      'client',
      'local',
      'cli',
      'bench',
      'scripts',
    ],
    holds: 'tests in layers; nothing imports them',
  },
];
