// Generated from the routes of the API by `npm run generate`: edit those.

export type Problem = {
  /** Names the kind of problem: urn:millrace:error:<code> */
  readonly type: string;
  /** What this kind of problem means */
  readonly title: string;
  readonly status: number;
  /** What happened in this case, with the values */
  readonly detail: string;
  /** Code in the catalogue of errors, the same in API, CLI and workflow failures */
  readonly code: string;
  /** What to do about it */
  readonly remedy: string;
  /** Where it happened: a file place, an object, a parameter */
  readonly where?: string | undefined;
  /** Id of the request, as in the log */
  readonly instance: string;
  readonly details?: { readonly [name: string]: unknown } | undefined;
  /** Every error, if there are several */
  readonly errors?: unknown[] | undefined;
};

export type AuditEntry = {
  /** Time of the request, UTC */
  readonly at: string;
  readonly request_id: string;
  readonly principal: string;
  readonly method: string;
  /** Pattern of the route */
  readonly route: string;
  /** Requested path, without query */
  readonly path: string;
  /** Response status; absent if the API died before it responded */
  readonly status?: number | undefined;
  /** Error code, if the request was rejected or failed */
  readonly code?: string | undefined;
  /** Workflow that was started, signalled or cancelled */
  readonly workflow_id?: string | undefined;
  /** The API key that was created, without its secret */
  readonly granted?:
    | { readonly key_id: string; readonly name: string; readonly roles: string[]; readonly teams: string[] }
    | undefined;
};

export type DagSpec = {
  readonly spec_version: 1;
  readonly dag_id: string;
  readonly model: string;
  readonly feature_set: string;
  /** Cron line of five fields, read in `timezone` */
  readonly schedule: string;
  readonly timezone: string;
  readonly start_date: string;
  /** Whether Airflow itself scores each day */
  readonly enabled: boolean;
  readonly content_hash: string;
};

export type Run = {
  readonly workflow_id: string;
  readonly run_id?: string | undefined;
  readonly status: 'running' | 'committed';
  /** Result of the workflow */
  readonly result?: unknown;
  /** Partitions in use whose inputs have changed since they were built; a refresh builds their next revision */
  readonly inputs_changed?:
    { readonly feature_set: string; readonly dt: string; readonly revision: number }[] | undefined;
  /** What the caller may not expect */
  readonly note?: string | undefined;
};

export type WorkerBuild = {
  readonly build: string;
  /** Workers of a draining build are still needed; those of a drained one are not */
  readonly state: 'inactive' | 'current' | 'ramping' | 'draining' | 'drained';
  /** Of a ramping build: its share of new runs */
  readonly percent?: number | undefined;
  /** When it became current, was ramped or began to drain */
  readonly since?: string | undefined;
};

export type Worker = {
  /** Process and machine */
  readonly worker: string;
  readonly queue: string;
  /** Of a worker with versioning */
  readonly build?: string | undefined;
  readonly state: 'running' | 'stopping' | 'stopped';
  readonly started_at: string;
  readonly last_report_at: string;
  readonly workflow_slots?: { readonly used: number; readonly free: number } | undefined;
  readonly activity_slots?: { readonly used: number; readonly free: number } | undefined;
};

export type TaskQueueHealth = {
  readonly queue: string;
  /** False if no worker has polled it or reported for a minute */
  readonly served: boolean;
  /** When a worker last polled it or reported */
  readonly last_seen_at?: string | undefined;
  /** Workers that polled within the last five minutes */
  readonly pollers: number;
  /** Tasks that wait for a worker, approximately */
  readonly backlog: number;
  /** Age of the oldest of them, approximately */
  readonly oldest_seconds: number;
};

export type WorkersAndBuilds = {
  readonly queues: TaskQueueHealth[];
  readonly workers: Worker[];
  /** Empty where versioning was never on */
  readonly builds: WorkerBuild[];
};

export type WorkflowFailure = {
  /** Code of the catalogue */
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly where?: string | undefined;
  readonly details?: { readonly [name: string]: unknown } | undefined;
};

export type WorkflowStep = {
  readonly kind: 'activity' | 'child' | 'timer';
  /** Description of the step */
  readonly name: string;
  readonly status: 'scheduled' | 'running' | 'retrying' | 'completed' | 'failed' | 'timed_out' | 'cancelled';
  /** 1 at the first try */
  readonly attempt: number;
  readonly started_at?: string | undefined;
  readonly closed_at?: string | undefined;
  /** Of a child */
  readonly workflow_id?: string | undefined;
  /** Of the last failure */
  readonly message?: string | undefined;
};

export type WorkflowRow = {
  readonly workflow_id: string;
  readonly run_id: string;
  readonly type: string;
  readonly status: 'running' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed_out' | 'paused';
  readonly started_at: string;
  readonly closed_at?: string | undefined;
  readonly requested_by?: string | undefined;
  /** Page in the Temporal UI */
  readonly ui?: string | undefined;
};

export type WorkflowStatus = {
  readonly workflow_id: string;
  readonly run_id: string;
  readonly type: string;
  readonly status: 'running' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed_out' | 'paused';
  readonly started_at: string;
  readonly closed_at?: string | undefined;
  readonly requested_by?: string | undefined;
  /** Page in the Temporal UI */
  readonly ui?: string | undefined;
  readonly summary?: string | undefined;
  readonly steps: WorkflowStep[];
  /** There are older steps, which the Temporal UI shows; these are the newest ones */
  readonly older_steps?: true | undefined;
  /** Why a running workflow does not get on: its code fails, and Temporal tries it again for ever */
  readonly failing?: WorkflowFailure | undefined;
  readonly result?: unknown;
  readonly failure?: WorkflowFailure | undefined;
};

export type ApiKey = {
  readonly id: string;
  readonly name: string;
  readonly roles: ('viewer' | 'scheduler' | 'scientist' | 'approver' | 'operator' | 'admin')[];
  readonly teams: string[];
  readonly created_at: string;
  readonly created_by: string;
  readonly revoked_at?: string | undefined;
  readonly revoked_by?: string | undefined;
};

export interface paths {
  '/healthz': {
    /** The process is alive */
    get: {
      parameters: {};

      responses: {
        200: { content: { 'application/json': { readonly ok: true } } };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/readyz': {
    /** Temporal, table and bucket respond; 503 names those that do not */
    get: {
      parameters: {};

      responses: {
        200: {
          content: {
            'application/json': {
              readonly ok: true;
              readonly checks: {
                readonly name: string;
                readonly ok: boolean;
                readonly ms: number;
                readonly message?: string | undefined;
              }[];
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/keys': {
    /** List keys, oldest first */
    get: {
      parameters: {
        query?: {
          /** Maximum number of items per page. */
          readonly limit?: number | undefined;
          /** `next` of the previous page. */
          readonly after?: string | undefined;
        };
      };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly items: ApiKey[];
              /** Pass it as `after` to get the next page; absent on the last page. */
              readonly next?: string | undefined;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
    /** Create a key */
    post: {
      parameters: {};
      requestBody: {
        content: {
          'application/json': {
            /** Principal, recorded as author, approver and in the audit trail */
            readonly name: string;
            readonly roles: ('viewer' | 'scheduler' | 'scientist' | 'approver' | 'operator' | 'admin')[];
            /** Teams whose documents the key may act on, as their `owner` names them; an admin acts on all */
            readonly teams?: string[] | undefined;
          };
        };
      };
      responses: {
        201: {
          content: {
            'application/json': {
              readonly id: string;
              readonly name: string;
              readonly roles: ('viewer' | 'scheduler' | 'scientist' | 'approver' | 'operator' | 'admin')[];
              readonly teams: string[];
              readonly created_at: string;
              readonly created_by: string;
              readonly revoked_at?: string | undefined;
              readonly revoked_by?: string | undefined;
              /** The key itself, shown only once */
              readonly key: string;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/keys/{id}': {
    /** Revoke a key; rejected for the last admin key */
    delete: {
      parameters: { path: { readonly id: string } };

      responses: {
        200: { content: { 'application/json': ApiKey } };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/audit': {
    /** Read the audit trail */
    get: {
      parameters: {
        query?: {
          /** Maximum number of items per page. */
          readonly limit?: number | undefined;
          /** `next` of the previous page. */
          readonly after?: string | undefined;
          readonly principal?: string | undefined;
          readonly method?: 'POST' | 'PUT' | 'PATCH' | 'DELETE' | undefined;
          /** Pattern of the route, as the entries name it */
          readonly route?: string | undefined;
          /** Error code */
          readonly code?: string | undefined;
          readonly status?: number | undefined;
          readonly since?: string | undefined;
          /** Entries before this instant */
          readonly until?: string | undefined;
        };
      };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly items: AuditEntry[];
              /** Pass it as `after` to get the next page; absent on the last page. */
              readonly next?: string | undefined;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/configs/plan': {
    /** Show the effects of applying these files, and of removing documents */
    post: {
      parameters: {};
      requestBody: {
        content: {
          'application/json': {
            /** YAML and SQL files; paths are relative to one folder. */
            readonly files: { readonly path: string; readonly text: string }[];
            /** Applied documents to remove, such as `Model/churn`. */
            readonly remove?: string[] | undefined;
            /** Also removes every document of the caller’s teams that the files do not declare. */
            readonly prune?: boolean | undefined;
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              /** Names the files of a plan, the revision that it was made on, and the applied documents that it depends on. */
              readonly plan_digest: string;
              readonly base_digest: string;
              readonly revision: number;
              readonly documents: {
                readonly created: string[];
                readonly changed: { readonly key: string; readonly paths: string[] }[];
                readonly unchanged: string[];
                readonly removed: string[];
              };
              readonly partitions: {
                readonly feature_set: string;
                readonly definition_digest: string;
                readonly count: number;
                /** Estimated from committed partitions of the set; null if there are none. */
                readonly bytes: number | null;
                readonly first: string;
                readonly last: string;
                readonly because: string;
              }[];
              readonly models: {
                readonly model: string;
                readonly feature_set: string;
                readonly because: string;
              }[];
              readonly live_pairs: {
                readonly model: string;
                readonly feature_set: string;
                readonly version: number;
                readonly because: string[];
              }[];
              /** Teams that the change needs, and why. */
              readonly owners: {
                readonly team: string;
                readonly document: string;
                readonly because: string;
              }[];
              /** What the work would take if it went like past runs of the same sets and pairs. */
              readonly estimate: {
                /** Of all builds and trainings with past runs, one after the other. */
                readonly seconds: number;
                /** How many past runs the estimate rests on. */
                readonly past_runs: number;
                /** Work without past runs, which `seconds` leaves out. */
                readonly unknown: string[];
              };
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/configs/apply': {
    /** Make the documents of a plan current, all or none, if nothing that they depend on has changed since */
    post: {
      parameters: {};
      requestBody: {
        content: {
          'application/json': {
            /** YAML and SQL files; paths are relative to one folder. */
            readonly files: { readonly path: string; readonly text: string }[];
            /** Applied documents to remove, such as `Model/churn`. */
            readonly remove?: string[] | undefined;
            /** Also removes every document of the caller’s teams that the files do not declare. */
            readonly prune?: boolean | undefined;
            /** Names the files of a plan, the revision that it was made on, and the applied documents that it depends on. */
            readonly plan_digest: string;
            /** A command id makes the request idempotent: it is executed once. Without it, an identical request is treated as a repeat. */
            readonly command_id?: string | undefined;
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              readonly base_digest: string;
              readonly revision: number;
              readonly created: string[];
              readonly changed: string[];
              readonly removed: string[];
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/configs': {
    /** List the applied documents by kind and name */
    get: {
      parameters: {
        query?: {
          /** Maximum number of items per page. */
          readonly limit?: number | undefined;
          /** `next` of the previous page. */
          readonly after?: string | undefined;
        };
      };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly items: {
                readonly kind: 'Source' | 'FeatureSet' | 'Model' | 'Platform';
                readonly name: string;
                readonly digest: string;
                readonly author: string;
              }[];
              /** Pass it as `after` to get the next page; absent on the last page. */
              readonly next?: string | undefined;
              readonly base_digest: string;
              readonly revision: number;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/configs/{kind}/{name}': {
    /** Read one applied document */
    get: {
      parameters: {
        path: { readonly kind: 'Source' | 'FeatureSet' | 'Model' | 'Platform'; readonly name: string };
      };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly document: { readonly [name: string]: unknown };
              readonly digest: string;
              readonly author: string;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/configs/revisions': {
    /** List applied revisions with principal and time, newest first */
    get: {
      parameters: {
        query?: {
          /** Maximum number of items per page. */
          readonly limit?: number | undefined;
          /** `next` of the previous page. */
          readonly after?: string | undefined;
        };
      };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly items: {
                readonly revision: number;
                readonly base_digest: string;
                readonly previous: string;
                readonly principal: string;
                readonly applied_at: string;
                readonly command_id: string;
                /** Documents created, changed or removed; the training rules of the Platform document are named apart. */
                readonly changed: string[];
                /** Which of them were removed. */
                readonly removed: string[];
              }[];
              /** Pass it as `after` to get the next page; absent on the last page. */
              readonly next?: string | undefined;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/source-drafts': {
    /** What the Parquet files of a folder say about a source: columns, types, keys and times, no values of rows */
    get: {
      parameters: {
        query: {
          /** Folder in the lake bucket: `s3://<bucket>/raw/visits/`. */
          readonly from: string;
        };
      };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly files: {
                /** Parquet files in the folder and below. */
                readonly found: number;
                /** How many of them were looked at, spread evenly. */
                readonly read: number;
                /** Rows of these. */
                readonly rows: number;
                /** Rows whose values were compared to find keys. */
                readonly sampled: number;
              };
              readonly columns: {
                /** Name in the document. */
                readonly name: string;
                /** Name in the files. */
                readonly column: string;
                readonly type: string;
                /** Null if all files hold the column under this name and with this type. */
                readonly why: string | null;
              }[];
              /** Columns that cannot be declared. */
              readonly left_out: {
                readonly column: string;
                /** What it was concluded from, as a full sentence without values of rows. */
                readonly why: string;
              }[];
              readonly keys: {
                readonly columns: string[];
                /** What it was concluded from, as a full sentence without values of rows. */
                readonly why: string;
              };
              readonly event_time: {
                readonly column: string | null;
                /** What it was concluded from, as a full sentence without values of rows. */
                readonly why: string;
              };
              readonly known_time: {
                readonly column: string;
                /** What it was concluded from, as a full sentence without values of rows. */
                readonly why: string;
                /** False if no column looks like the time of the load. */
                readonly is_load_time: boolean;
              };
              /** Columns that look as if they described protected attributes. */
              readonly sensitive: string[];
              /** Folder under the lake bucket. */
              readonly location: string;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/feature-sets/{set}/partitions': {
    /** List committed partitions of a feature set, oldest date first */
    get: {
      parameters: {
        query?: {
          /** Maximum number of items per page. */
          readonly limit?: number | undefined;
          /** `next` of the previous page. */
          readonly after?: string | undefined;
          readonly from?: string | undefined;
          readonly to?: string | undefined;
          /** Digest of an earlier definition. Default: the currently applied one. */
          readonly definition?: string | undefined;
        };
        path: { readonly set: string };
      };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly items: {
                readonly feature_set: string;
                readonly definition_digest: string;
                readonly dt: string;
                readonly revision: number;
                readonly manifest_key: string;
                readonly rows: number;
                readonly built_at: string;
              }[];
              /** Pass it as `after` to get the next page; absent on the last page. */
              readonly next?: string | undefined;
              readonly definition_digest: string;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
    /** Build partitions; one run for {dt}, a list of runs for {from, to} */
    post: {
      parameters: { path: { readonly set: string } };
      requestBody: {
        content: {
          'application/json':
            | {
                readonly dt: string;
                /** Build a new revision if the inputs have changed since */
                readonly refresh?: boolean | undefined;
              }
            | {
                readonly from: string;
                readonly to: string;
                /** Build a new revision if the inputs have changed since */
                readonly refresh?: boolean | undefined;
              };
        };
      };
      responses: {
        200: { content: { 'application/json': Run | { readonly runs: Run[] } } };
        202: { content: { 'application/json': Run | { readonly runs: Run[] } } };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/feature-sets/{set}/partitions/{dt}': {
    /** Manifest of the newest revision of a partition: files, schema, inputs, checks, lineage */
    get: {
      parameters: {
        query?: {
          /** Digest of an earlier definition. Default: the currently applied one. */
          readonly definition?: string | undefined;
        };
        path: { readonly set: string; readonly dt: string };
      };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly feature_set: string;
              readonly definition_digest: string;
              readonly dt: string;
              readonly revision: number;
              readonly parts: {
                readonly key: string;
                readonly size: number;
                readonly sha256: string;
                readonly rows: number;
              }[];
              readonly rows: number;
              readonly schema: { readonly name: string; readonly type: string }[];
              readonly inputs: {
                readonly kind: 'source' | 'partition';
                readonly name: string;
                /** Date of the partition read, if it is an older one than this. */
                readonly dt?: string | undefined;
                readonly digest: string;
                readonly files: number;
              }[];
              readonly checks: {
                readonly expectation: string;
                readonly column?: string | undefined;
                readonly severity: 'error' | 'warn';
                readonly success: boolean;
                readonly observed: number | null;
                readonly kwargs: { readonly [name: string]: unknown };
                /** Counts by Great Expectations’ names, without values of rows. */
                readonly result: {
                  readonly element_count?: number | undefined;
                  readonly unexpected_count?: number | undefined;
                  readonly unexpected_percent?: number | null | undefined;
                  readonly missing_count?: number | undefined;
                  readonly missing_percent?: number | null | undefined;
                  readonly unexpected_percent_total?: number | null | undefined;
                  readonly unexpected_percent_nonmissing?: number | null | undefined;
                  readonly observed_value?: number | null | undefined;
                };
              }[];
              readonly statistics: {
                readonly name: string;
                readonly nulls: number;
                /** Smallest value; texts and the entity have none. */
                readonly min?: number | string | null | undefined;
                /** Largest value. */
                readonly max?: number | string | null | undefined;
              }[];
              readonly lineage: {
                readonly feature: string;
                /** Raw columns, as source.column. */
                readonly sources: string[];
                /** What computes it, in Spark SQL. */
                readonly expression: string;
              }[];
              readonly engine: string;
              /** The first revision with the same rows, if an earlier one has them. */
              readonly same_rows_as?: number | undefined;
              readonly built_by: { readonly workflow_id: string; readonly run_id: string };
              readonly built_at: string;
              /** How long the build took. */
              readonly build_seconds?: number | undefined;
              /** Parquet files, in the order of the parts. */
              readonly uris: string[];
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/feature-sets/{set}/partitions/{dt}/r/{revision}': {
    /** Manifest of one revision of a partition */
    get: {
      parameters: {
        query?: {
          /** Digest of an earlier definition. Default: the currently applied one. */
          readonly definition?: string | undefined;
        };
        path: { readonly set: string; readonly dt: string; readonly revision: number };
      };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly feature_set: string;
              readonly definition_digest: string;
              readonly dt: string;
              readonly revision: number;
              readonly parts: {
                readonly key: string;
                readonly size: number;
                readonly sha256: string;
                readonly rows: number;
              }[];
              readonly rows: number;
              readonly schema: { readonly name: string; readonly type: string }[];
              readonly inputs: {
                readonly kind: 'source' | 'partition';
                readonly name: string;
                /** Date of the partition read, if it is an older one than this. */
                readonly dt?: string | undefined;
                readonly digest: string;
                readonly files: number;
              }[];
              readonly checks: {
                readonly expectation: string;
                readonly column?: string | undefined;
                readonly severity: 'error' | 'warn';
                readonly success: boolean;
                readonly observed: number | null;
                readonly kwargs: { readonly [name: string]: unknown };
                /** Counts by Great Expectations’ names, without values of rows. */
                readonly result: {
                  readonly element_count?: number | undefined;
                  readonly unexpected_count?: number | undefined;
                  readonly unexpected_percent?: number | null | undefined;
                  readonly missing_count?: number | undefined;
                  readonly missing_percent?: number | null | undefined;
                  readonly unexpected_percent_total?: number | null | undefined;
                  readonly unexpected_percent_nonmissing?: number | null | undefined;
                  readonly observed_value?: number | null | undefined;
                };
              }[];
              readonly statistics: {
                readonly name: string;
                readonly nulls: number;
                /** Smallest value; texts and the entity have none. */
                readonly min?: number | string | null | undefined;
                /** Largest value. */
                readonly max?: number | string | null | undefined;
              }[];
              readonly lineage: {
                readonly feature: string;
                /** Raw columns, as source.column. */
                readonly sources: string[];
                /** What computes it, in Spark SQL. */
                readonly expression: string;
              }[];
              readonly engine: string;
              /** The first revision with the same rows, if an earlier one has them. */
              readonly same_rows_as?: number | undefined;
              readonly built_by: { readonly workflow_id: string; readonly run_id: string };
              readonly built_at: string;
              /** How long the build took. */
              readonly build_seconds?: number | undefined;
              /** Parquet files, in the order of the parts. */
              readonly uris: string[];
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/feature-sets/{set}/partitions/{dt}/checks': {
    /** Run the applied checks on the newest revision of a partition; changes nothing */
    get: {
      parameters: { path: { readonly set: string; readonly dt: string } };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly feature_set: string;
              readonly definition_digest: string;
              readonly dt: string;
              readonly revision: number;
              readonly rows: number;
              /** Whether no check of severity error failed. */
              readonly success: boolean;
              readonly checks: {
                readonly expectation: string;
                readonly column?: string | undefined;
                readonly severity: 'error' | 'warn';
                readonly success: boolean;
                readonly observed: number | null;
                readonly kwargs: { readonly [name: string]: unknown };
                /** Counts by Great Expectations’ names, without values of rows. */
                readonly result: {
                  readonly element_count?: number | undefined;
                  readonly unexpected_count?: number | undefined;
                  readonly unexpected_percent?: number | null | undefined;
                  readonly missing_count?: number | undefined;
                  readonly missing_percent?: number | null | undefined;
                  readonly unexpected_percent_total?: number | null | undefined;
                  readonly unexpected_percent_nonmissing?: number | null | undefined;
                  readonly observed_value?: number | null | undefined;
                };
                /** Selects the unexpected rows of a failed check, for whoever may read the lake. */
                readonly duckdb_query?: string | undefined;
              }[];
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/feature-sets/{set}/lineage': {
    /** Raw columns and expression of every feature in the current definition */
    get: {
      parameters: { path: { readonly set: string } };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly definition_digest: string;
              readonly lineage: {
                readonly feature: string;
                /** Raw columns, as source.column. */
                readonly sources: string[];
                /** What computes it, in Spark SQL. */
                readonly expression: string;
              }[];
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/feature-sets/{set}/query': {
    /** The query of one date as each engine gets it, with columns and lineage; reads no data */
    get: {
      parameters: {
        query?: {
          /** A partition date. Default: the last one that has begun; the first one, if none has. */
          readonly dt?: string | undefined;
        };
        path: { readonly set: string };
      };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly feature_set: string;
              readonly definition_digest: string;
              readonly dt: string;
              /** The template, as the config names it. */
              readonly file: string;
              /** What the template gives on the date, in Spark SQL. */
              readonly rendered: string;
              /** Columns of a partition, entity first. */
              readonly columns: {
                readonly name: string;
                /** Type, by its Spark SQL name. */
                readonly type: string;
              }[];
              readonly lineage: {
                readonly feature: string;
                /** Raw columns, as source.column. */
                readonly sources: string[];
                /** What computes it, in Spark SQL. */
                readonly expression: string;
              }[];
              readonly engines: {
                readonly duckdb: {
                  /** Statements that make what the query reads: each source as it was known on the date, without sensitive columns, and each other set’s partition. */
                  readonly relations: {
                    readonly name: string;
                    readonly kind: 'source' | 'partition';
                    readonly of: string;
                    readonly sql: string;
                  }[];
                  /** The query over these relations. */
                  readonly query: string;
                };
                readonly spark: {
                  /** Statements that make what the query reads: each source as it was known on the date, without sensitive columns, and each other set’s partition. */
                  readonly relations: {
                    readonly name: string;
                    readonly kind: 'source' | 'partition';
                    readonly of: string;
                    readonly sql: string;
                  }[];
                  /** The query over these relations. */
                  readonly query: string;
                };
              };
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/feature-sets/{set}/preview': {
    /** The first rows of a feature set on a date, applied or with these files; commits nothing */
    post: {
      parameters: { path: { readonly set: string } };
      requestBody: {
        content: {
          'application/json': {
            readonly dt: string;
            /** Number of rows. */
            readonly limit?: number | undefined;
            /** YAML and SQL files; paths are relative to one folder. */
            readonly files?: { readonly path: string; readonly text: string }[] | undefined;
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              readonly feature_set: string;
              readonly dt: string;
              readonly columns: {
                readonly name: string;
                /** Type, by its Spark SQL name. */
                readonly type: string;
              }[];
              /** The first rows by entity, values in the order of the columns. Types that JSON lacks are text; long texts are cut. */
              readonly rows: unknown[][];
              /** Whether the set has more rows. */
              readonly more: boolean;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}': {
    /** Show the live version, scheduled deployments, and the rollback target */
    get: {
      parameters: { path: { readonly model: string; readonly set: string } };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly model: string;
              readonly feature_set: string;
              readonly last_version: number;
              readonly last_deployment: number;
              readonly live: {
                readonly deployment: number;
                readonly version: number;
                readonly live_from: string;
                readonly scheduler: 'temporal' | 'airflow';
                readonly schedule: string;
                readonly timezone: string;
              } | null;
              /** Approved versions that were to be deployed once approved, and have no deployment yet */
              readonly to_deploy: {
                readonly version: number;
                readonly approved_at: string;
                readonly requested_by: string;
              }[];
              readonly scheduled: {
                readonly deployment: number;
                readonly version: number;
                readonly live_at: string;
              }[];
              /** Steps of the reconciler that fail; each is tried again by itself */
              readonly failing: {
                /** `promote`, `deploy/<version>`, `archive/<deployment>`, `dossier`, or `spec` (schedule and DAG) */
                readonly step: string;
                readonly since: string;
                readonly tries: number;
                readonly next_try: string;
                readonly code: string;
                readonly message: string;
              }[];
              readonly rollback_target: number | null;
              readonly dossier: { readonly count: number; readonly digest: string; readonly copied: number };
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/versions': {
    /** List versions with their stages, newest first */
    get: {
      parameters: {
        query?: {
          /** Maximum number of items per page. */
          readonly limit?: number | undefined;
          /** `next` of the previous page. */
          readonly after?: string | undefined;
          /** Whether deleted versions are listed too */
          readonly deleted?: 'true' | 'false' | undefined;
        };
        path: { readonly model: string; readonly set: string };
      };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly items: {
                readonly model: string;
                readonly feature_set: string;
                readonly version: number;
                readonly training_id: string;
                readonly training_digest: string;
                readonly as_of: string;
                /** Who changed what it is made from since the version `authors_since`, and who requested it */
                readonly authors: string[];
                /** The version up to which others have reviewed the changes */
                readonly authors_since: number | null;
                readonly risk_tier: 'low' | 'medium' | 'high';
                /** The tier whose rule the approval follows */
                readonly approval_tier: 'low' | 'medium' | 'high';
                readonly created_at: string;
                readonly manifest_key: string;
                readonly manifest_sha256: string;
                readonly artifacts: {
                  readonly name: string;
                  readonly key: string;
                  readonly size: number;
                  readonly sha256: string;
                  readonly uri: string;
                }[];
                readonly metrics: { readonly [name: string]: number };
                readonly gates: {
                  readonly gate: string;
                  readonly value: number | null;
                  readonly min?: number | undefined;
                  readonly max?: number | undefined;
                  readonly passed: boolean;
                }[];
                readonly engine: 'onnx';
                readonly cut_off: number;
                readonly config_digest: string;
                /** Digest of the applied configs it was trained with */
                readonly configs: string;
                readonly definition_digest: string;
                readonly partitions: {
                  readonly feature_set: string;
                  readonly definition_digest: string;
                  readonly dt: string;
                  readonly revision: number;
                }[];
                readonly rows: {
                  readonly train: number;
                  readonly test: number;
                  /** Rows that were left out, because they have no label. */
                  readonly unlabelled?: number | undefined;
                };
                /** Only of a model that was trained elsewhere and uploaded */
                readonly origin?:
                  | { readonly upload: string; readonly uploaded_by: string; readonly notes: string }
                  | undefined;
                readonly registered_by: { readonly workflow_id: string; readonly run_id: string };
                readonly card_key: string;
                readonly card_sha256: string;
                readonly card_missing: string[];
                /** 1: the card that the version was registered with */
                readonly card_revision: number;
                readonly stage:
                  | 'registered'
                  | 'approved'
                  | 'scheduled'
                  | 'live'
                  | 'archived'
                  | 'rejected'
                  | 'withdrawn'
                  | 'deleted';
                readonly since: string;
                /** The approvals that stand, oldest first, or the one rejection */
                readonly judgements: {
                  readonly verdict: 'approve' | 'reject';
                  readonly principal: string;
                  /** The approver was one of the authors, which the rule of the tier allowed */
                  readonly by_author: boolean;
                  readonly reason: string;
                  readonly waivers: { readonly gate: string; readonly reason: string }[];
                  readonly evidence: string;
                  readonly at: string;
                  readonly expires_at: string | null;
                }[];
                /** Who banned the version for good, and why */
                readonly withdrawal?:
                  { readonly principal: string; readonly reason: string; readonly at: string } | undefined;
                /** Digest of manifest, card and gates, to be named by an approval */
                readonly evidence: string;
                readonly scheduled: {
                  readonly deployment: number;
                  readonly version: number;
                  readonly live_at: string;
                }[];
              }[];
              /** Pass it as `after` to get the next page; absent on the last page. */
              readonly next?: string | undefined;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
    /** Register an uploaded model that was trained elsewhere as the next version */
    post: {
      parameters: { path: { readonly model: string; readonly set: string } };
      requestBody: {
        content: {
          'application/json': {
            /** Id of the upload */
            readonly upload: string;
            /** Evaluate on what was known on this date, and nothing later */
            readonly as_of: string;
            /** Where the model comes from and how it was trained */
            readonly notes?: string | undefined;
          };
        };
      };
      responses: {
        200: { content: { 'application/json': Run } };
        202: { content: { 'application/json': Run } };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/versions/{version}': {
    /** Show a version: artifacts with digests, figures, gates, stage, approval */
    get: {
      parameters: { path: { readonly model: string; readonly set: string; readonly version: number } };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly model: string;
              readonly feature_set: string;
              readonly version: number;
              readonly training_id: string;
              readonly training_digest: string;
              readonly as_of: string;
              /** Who changed what it is made from since the version `authors_since`, and who requested it */
              readonly authors: string[];
              /** The version up to which others have reviewed the changes */
              readonly authors_since: number | null;
              readonly risk_tier: 'low' | 'medium' | 'high';
              /** The tier whose rule the approval follows */
              readonly approval_tier: 'low' | 'medium' | 'high';
              readonly created_at: string;
              readonly manifest_key: string;
              readonly manifest_sha256: string;
              readonly artifacts: {
                readonly name: string;
                readonly key: string;
                readonly size: number;
                readonly sha256: string;
                readonly uri: string;
              }[];
              readonly metrics: { readonly [name: string]: number };
              readonly gates: {
                readonly gate: string;
                readonly value: number | null;
                readonly min?: number | undefined;
                readonly max?: number | undefined;
                readonly passed: boolean;
              }[];
              readonly engine: 'onnx';
              readonly cut_off: number;
              readonly config_digest: string;
              /** Digest of the applied configs it was trained with */
              readonly configs: string;
              readonly definition_digest: string;
              readonly partitions: {
                readonly feature_set: string;
                readonly definition_digest: string;
                readonly dt: string;
                readonly revision: number;
              }[];
              readonly rows: {
                readonly train: number;
                readonly test: number;
                /** Rows that were left out, because they have no label. */
                readonly unlabelled?: number | undefined;
              };
              /** Only of a model that was trained elsewhere and uploaded */
              readonly origin?:
                { readonly upload: string; readonly uploaded_by: string; readonly notes: string } | undefined;
              readonly registered_by: { readonly workflow_id: string; readonly run_id: string };
              readonly card_key: string;
              readonly card_sha256: string;
              readonly card_missing: string[];
              /** 1: the card that the version was registered with */
              readonly card_revision: number;
              readonly stage:
                | 'registered'
                | 'approved'
                | 'scheduled'
                | 'live'
                | 'archived'
                | 'rejected'
                | 'withdrawn'
                | 'deleted';
              readonly since: string;
              /** The approvals that stand, oldest first, or the one rejection */
              readonly judgements: {
                readonly verdict: 'approve' | 'reject';
                readonly principal: string;
                /** The approver was one of the authors, which the rule of the tier allowed */
                readonly by_author: boolean;
                readonly reason: string;
                readonly waivers: { readonly gate: string; readonly reason: string }[];
                readonly evidence: string;
                readonly at: string;
                readonly expires_at: string | null;
              }[];
              /** Who banned the version for good, and why */
              readonly withdrawal?:
                { readonly principal: string; readonly reason: string; readonly at: string } | undefined;
              /** Digest of manifest, card and gates, to be named by an approval */
              readonly evidence: string;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
    /** Delete a version that was never approved; its number stays taken */
    delete: {
      parameters: { path: { readonly model: string; readonly set: string; readonly version: number } };
      requestBody: { content: { 'application/json': { readonly reason: string } } };
      responses: {
        200: {
          content: {
            'application/json': {
              readonly model: string;
              readonly feature_set: string;
              readonly version: number;
              readonly stage:
                | 'registered'
                | 'approved'
                | 'scheduled'
                | 'live'
                | 'archived'
                | 'rejected'
                | 'withdrawn'
                | 'deleted';
              readonly since: string;
              /** The approvals that stand, oldest first, or the one rejection */
              readonly judgements: {
                readonly verdict: 'approve' | 'reject';
                readonly principal: string;
                /** The approver was one of the authors, which the rule of the tier allowed */
                readonly by_author: boolean;
                readonly reason: string;
                readonly waivers: { readonly gate: string; readonly reason: string }[];
                readonly evidence: string;
                readonly at: string;
                readonly expires_at: string | null;
              }[];
              /** Who banned the version for good, and why */
              readonly withdrawal?:
                { readonly principal: string; readonly reason: string; readonly at: string } | undefined;
              /** The version is deployed as soon as it is approved; who asked for it */
              readonly order?: { readonly requested_by: string } | undefined;
              /** The last revision of the card; null while it is the first */
              readonly card: {
                readonly revision: number;
                readonly key: string;
                readonly sha256: string;
                readonly missing: string[];
                readonly authors: string[];
              } | null;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/versions/{version}/tags': {
    /** Read the tags of a version */
    get: {
      parameters: { path: { readonly model: string; readonly set: string; readonly version: number } };

      responses: {
        200: {
          content: {
            'application/json': {
              /** At most 50; values of at most 1,024 bytes */
              readonly tags: { readonly [name: string]: string };
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
    /** Set single tags of a version, or remove those that are null */
    patch: {
      parameters: { path: { readonly model: string; readonly set: string; readonly version: number } };
      requestBody: {
        content: { 'application/json': { readonly tags: { readonly [name: string]: string | null } } };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              /** At most 50; values of at most 1,024 bytes */
              readonly tags: { readonly [name: string]: string };
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
    /** Replace all tags of a version */
    put: {
      parameters: { path: { readonly model: string; readonly set: string; readonly version: number } };
      requestBody: {
        content: {
          'application/json': {
            /** At most 50; values of at most 1,024 bytes */
            readonly tags: { readonly [name: string]: string };
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              /** At most 50; values of at most 1,024 bytes */
              readonly tags: { readonly [name: string]: string };
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
    /** Remove all tags of a version */
    delete: {
      parameters: { path: { readonly model: string; readonly set: string; readonly version: number } };

      responses: {
        200: {
          content: {
            'application/json': {
              /** At most 50; values of at most 1,024 bytes */
              readonly tags: { readonly [name: string]: string };
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/versions/{version}/artifacts/{artifact}': {
    /** Give a presigned URL of an artifact with its SHA-256, or redirect to it */
    get: {
      parameters: {
        query?: { readonly redirect?: 'true' | 'false' | undefined };
        path: {
          readonly model: string;
          readonly set: string;
          readonly version: number;
          readonly artifact: string;
        };
      };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly name: string;
              /** Presigned, so that it needs no credentials; valid until `expires_at` */
              readonly url: string;
              readonly expires_at: string;
              /** Bytes */
              readonly size: number;
              readonly sha256: string;
            };
          };
        };
        302: { content?: never };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/versions/{version}/card': {
    /** Read the model card: JSON, Markdown, a web page, or CycloneDX 1.6 */
    get: {
      parameters: {
        query?: { readonly format?: 'json' | 'markdown' | 'html' | 'cyclonedx' | undefined };
        path: { readonly model: string; readonly set: string; readonly version: number };
      };

      responses: { 200: { content?: never }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Revise texts of the card without training again */
    post: {
      parameters: { path: { readonly model: string; readonly set: string; readonly version: number } };
      requestBody: {
        content: {
          'application/json': {
            readonly reason: string;
            /** Texts to change; default: all texts of the model's config as it is applied now */
            readonly texts?: { readonly [name: string]: string } | undefined;
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              readonly model: string;
              readonly feature_set: string;
              readonly version: number;
              readonly stage:
                | 'registered'
                | 'approved'
                | 'scheduled'
                | 'live'
                | 'archived'
                | 'rejected'
                | 'withdrawn'
                | 'deleted';
              readonly since: string;
              /** The approvals that stand, oldest first, or the one rejection */
              readonly judgements: {
                readonly verdict: 'approve' | 'reject';
                readonly principal: string;
                /** The approver was one of the authors, which the rule of the tier allowed */
                readonly by_author: boolean;
                readonly reason: string;
                readonly waivers: { readonly gate: string; readonly reason: string }[];
                readonly evidence: string;
                readonly at: string;
                readonly expires_at: string | null;
              }[];
              /** Who banned the version for good, and why */
              readonly withdrawal?:
                { readonly principal: string; readonly reason: string; readonly at: string } | undefined;
              /** The version is deployed as soon as it is approved; who asked for it */
              readonly order?: { readonly requested_by: string } | undefined;
              /** The last revision of the card; null while it is the first */
              readonly card: {
                readonly revision: number;
                readonly key: string;
                readonly sha256: string;
                readonly missing: string[];
                readonly authors: string[];
              } | null;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/versions/{version}/approve': {
    /** Approve a registered version; each failed gate needs a waiver */
    post: {
      parameters: { path: { readonly model: string; readonly set: string; readonly version: number } };
      requestBody: {
        content: {
          'application/json': {
            readonly reason: string;
            readonly waivers?: { readonly gate: string; readonly reason: string }[] | undefined;
            /** `evidence` of the version as it was read */
            readonly evidence: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              readonly model: string;
              readonly feature_set: string;
              readonly version: number;
              readonly stage:
                | 'registered'
                | 'approved'
                | 'scheduled'
                | 'live'
                | 'archived'
                | 'rejected'
                | 'withdrawn'
                | 'deleted';
              readonly since: string;
              /** The approvals that stand, oldest first, or the one rejection */
              readonly judgements: {
                readonly verdict: 'approve' | 'reject';
                readonly principal: string;
                /** The approver was one of the authors, which the rule of the tier allowed */
                readonly by_author: boolean;
                readonly reason: string;
                readonly waivers: { readonly gate: string; readonly reason: string }[];
                readonly evidence: string;
                readonly at: string;
                readonly expires_at: string | null;
              }[];
              /** Who banned the version for good, and why */
              readonly withdrawal?:
                { readonly principal: string; readonly reason: string; readonly at: string } | undefined;
              /** The version is deployed as soon as it is approved; who asked for it */
              readonly order?: { readonly requested_by: string } | undefined;
              /** The last revision of the card; null while it is the first */
              readonly card: {
                readonly revision: number;
                readonly key: string;
                readonly sha256: string;
                readonly missing: string[];
                readonly authors: string[];
              } | null;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/versions/{version}/reject': {
    /** Reject a registered version */
    post: {
      parameters: { path: { readonly model: string; readonly set: string; readonly version: number } };
      requestBody: { content: { 'application/json': { readonly reason: string } } };
      responses: {
        200: {
          content: {
            'application/json': {
              readonly model: string;
              readonly feature_set: string;
              readonly version: number;
              readonly stage:
                | 'registered'
                | 'approved'
                | 'scheduled'
                | 'live'
                | 'archived'
                | 'rejected'
                | 'withdrawn'
                | 'deleted';
              readonly since: string;
              /** The approvals that stand, oldest first, or the one rejection */
              readonly judgements: {
                readonly verdict: 'approve' | 'reject';
                readonly principal: string;
                /** The approver was one of the authors, which the rule of the tier allowed */
                readonly by_author: boolean;
                readonly reason: string;
                readonly waivers: { readonly gate: string; readonly reason: string }[];
                readonly evidence: string;
                readonly at: string;
                readonly expires_at: string | null;
              }[];
              /** Who banned the version for good, and why */
              readonly withdrawal?:
                { readonly principal: string; readonly reason: string; readonly at: string } | undefined;
              /** The version is deployed as soon as it is approved; who asked for it */
              readonly order?: { readonly requested_by: string } | undefined;
              /** The last revision of the card; null while it is the first */
              readonly card: {
                readonly revision: number;
                readonly key: string;
                readonly sha256: string;
                readonly missing: string[];
                readonly authors: string[];
              } | null;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/versions/{version}/deploy': {
    /** Deploy an approved version; refused while another deployment is scheduled, unless the request says which counts */
    post: {
      parameters: { path: { readonly model: string; readonly set: string; readonly version: number } };
      requestBody: {
        content: {
          'application/json': {
            readonly go_live?:
              | 'next_day'
              | {
                  /** Such as 2s or 12h. */
                  readonly after: string;
                }
              | undefined;
            /** What starts the scheduled scoring: a Temporal Schedule or an Airflow DAG. */
            readonly scheduler?: 'temporal' | 'airflow' | undefined;
            /** Cron line of five fields: minute, hour, day of month, month, day of week. */
            readonly schedule?: string | undefined;
            /** IANA time zone of the schedule and of next_day. Old names such as US/Pacific are replaced by their canonical name. */
            readonly timezone?: string | undefined;
            /** Scheduled deployment to cancel in the same step. */
            readonly replaces?: number | undefined;
            /** Keep deployments that are scheduled already; each goes live at its own time. */
            readonly beside?: boolean | undefined;
          };
        };
      };
      responses: {
        200: { content: { 'application/json': Run } };
        202: { content: { 'application/json': Run } };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/versions/{version}/archive': {
    /** Archive a version; a live one is taken out without a replacement */
    post: {
      parameters: { path: { readonly model: string; readonly set: string; readonly version: number } };
      requestBody: { content: { 'application/json': { readonly reason: string } } };
      responses: {
        200: {
          content: {
            'application/json': {
              readonly model: string;
              readonly feature_set: string;
              readonly version: number;
              readonly stage:
                | 'registered'
                | 'approved'
                | 'scheduled'
                | 'live'
                | 'archived'
                | 'rejected'
                | 'withdrawn'
                | 'deleted';
              readonly since: string;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/versions/{version}/withdraw': {
    /** Ban a version for good; a live one is taken out, and its scheduled deployments are cancelled */
    post: {
      parameters: { path: { readonly model: string; readonly set: string; readonly version: number } };
      requestBody: { content: { 'application/json': { readonly reason: string } } };
      responses: {
        200: {
          content: {
            'application/json': {
              readonly model: string;
              readonly feature_set: string;
              readonly version: number;
              readonly stage:
                | 'registered'
                | 'approved'
                | 'scheduled'
                | 'live'
                | 'archived'
                | 'rejected'
                | 'withdrawn'
                | 'deleted';
              readonly since: string;
              /** The approvals that stand, oldest first, or the one rejection */
              readonly judgements: {
                readonly verdict: 'approve' | 'reject';
                readonly principal: string;
                /** The approver was one of the authors, which the rule of the tier allowed */
                readonly by_author: boolean;
                readonly reason: string;
                readonly waivers: { readonly gate: string; readonly reason: string }[];
                readonly evidence: string;
                readonly at: string;
                readonly expires_at: string | null;
              }[];
              /** Who banned the version for good, and why */
              readonly withdrawal?:
                { readonly principal: string; readonly reason: string; readonly at: string } | undefined;
              /** The version is deployed as soon as it is approved; who asked for it */
              readonly order?: { readonly requested_by: string } | undefined;
              /** The last revision of the card; null while it is the first */
              readonly card: {
                readonly revision: number;
                readonly key: string;
                readonly sha256: string;
                readonly missing: string[];
                readonly authors: string[];
              } | null;
              /** Scheduled deployments that were cancelled with it */
              readonly cancelled: number[];
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/aliases': {
    /** List the aliases of a pair by name, at most 50 */
    get: {
      parameters: {
        query?: {
          /** Maximum number of items per page. */
          readonly limit?: number | undefined;
          /** `next` of the previous page. */
          readonly after?: string | undefined;
        };
        path: { readonly model: string; readonly set: string };
      };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly items: {
                readonly model: string;
                readonly feature_set: string;
                readonly name: string;
                readonly version: number;
                readonly set_by: string;
                readonly set_at: string;
                /** To be named in If-Match when the alias is moved or removed */
                readonly etag: string;
              }[];
              /** Pass it as `after` to get the next page; absent on the last page. */
              readonly next?: string | undefined;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/aliases/{alias}': {
    /** Show the version that an alias points to; `live` is the live version */
    get: {
      parameters: { path: { readonly model: string; readonly set: string; readonly alias: string } };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly model: string;
              readonly feature_set: string;
              readonly version: number;
              readonly training_id: string;
              readonly training_digest: string;
              readonly as_of: string;
              /** Who changed what it is made from since the version `authors_since`, and who requested it */
              readonly authors: string[];
              /** The version up to which others have reviewed the changes */
              readonly authors_since: number | null;
              readonly risk_tier: 'low' | 'medium' | 'high';
              /** The tier whose rule the approval follows */
              readonly approval_tier: 'low' | 'medium' | 'high';
              readonly created_at: string;
              readonly manifest_key: string;
              readonly manifest_sha256: string;
              readonly artifacts: {
                readonly name: string;
                readonly key: string;
                readonly size: number;
                readonly sha256: string;
                readonly uri: string;
              }[];
              readonly metrics: { readonly [name: string]: number };
              readonly gates: {
                readonly gate: string;
                readonly value: number | null;
                readonly min?: number | undefined;
                readonly max?: number | undefined;
                readonly passed: boolean;
              }[];
              readonly engine: 'onnx';
              readonly cut_off: number;
              readonly config_digest: string;
              /** Digest of the applied configs it was trained with */
              readonly configs: string;
              readonly definition_digest: string;
              readonly partitions: {
                readonly feature_set: string;
                readonly definition_digest: string;
                readonly dt: string;
                readonly revision: number;
              }[];
              readonly rows: {
                readonly train: number;
                readonly test: number;
                /** Rows that were left out, because they have no label. */
                readonly unlabelled?: number | undefined;
              };
              /** Only of a model that was trained elsewhere and uploaded */
              readonly origin?:
                { readonly upload: string; readonly uploaded_by: string; readonly notes: string } | undefined;
              readonly registered_by: { readonly workflow_id: string; readonly run_id: string };
              readonly card_key: string;
              readonly card_sha256: string;
              readonly card_missing: string[];
              /** 1: the card that the version was registered with */
              readonly card_revision: number;
              readonly stage:
                | 'registered'
                | 'approved'
                | 'scheduled'
                | 'live'
                | 'archived'
                | 'rejected'
                | 'withdrawn'
                | 'deleted';
              readonly since: string;
              /** The approvals that stand, oldest first, or the one rejection */
              readonly judgements: {
                readonly verdict: 'approve' | 'reject';
                readonly principal: string;
                /** The approver was one of the authors, which the rule of the tier allowed */
                readonly by_author: boolean;
                readonly reason: string;
                readonly waivers: { readonly gate: string; readonly reason: string }[];
                readonly evidence: string;
                readonly at: string;
                readonly expires_at: string | null;
              }[];
              /** Who banned the version for good, and why */
              readonly withdrawal?:
                { readonly principal: string; readonly reason: string; readonly at: string } | undefined;
              /** Digest of manifest, card and gates, to be named by an approval */
              readonly evidence: string;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
    /** Point an alias to a version, if it is still where the caller saw it */
    put: {
      parameters: { path: { readonly model: string; readonly set: string; readonly alias: string } };
      requestBody: { content: { 'application/json': { readonly version: number } } };
      responses: {
        200: {
          content: {
            'application/json': {
              readonly model: string;
              readonly feature_set: string;
              readonly name: string;
              readonly version: number;
              readonly set_by: string;
              readonly set_at: string;
              /** To be named in If-Match when the alias is moved or removed */
              readonly etag: string;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
    /** Remove an alias, if it is still where the caller saw it */
    delete: {
      parameters: { path: { readonly model: string; readonly set: string; readonly alias: string } };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly model: string;
              readonly feature_set: string;
              readonly name: string;
              readonly version: number;
              readonly set_by: string;
              readonly set_at: string;
              /** To be named in If-Match when the alias is moved or removed */
              readonly etag: string;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/uploads': {
    /** Announce the files of a model trained elsewhere, and get a signed URL for each */
    post: {
      parameters: { path: { readonly model: string; readonly set: string } };
      requestBody: {
        content: {
          'application/json': {
            /** The file model.onnx, and up to 9 others that become artifacts beside it; 1 GiB together */
            readonly files: {
              /** File name: letters, digits, `.`, `_` and `-` */
              readonly name: string;
              /** Bytes */
              readonly size: number;
              /** Lower-case hex */
              readonly sha256: string;
            }[];
          };
        };
      };
      responses: {
        201: {
          content: {
            'application/json': {
              /** Id of the upload, for `POST …/versions` */
              readonly upload: string;
              readonly model: string;
              readonly feature_set: string;
              readonly expires_at: string;
              readonly files: {
                /** File name: letters, digits, `.`, `_` and `-` */
                readonly name: string;
                /** Bytes */
                readonly size: number;
                /** Lower-case hex */
                readonly sha256: string;
                /** `PUT` the file here, without an API key */
                readonly request: {
                  readonly url: string;
                  /** Send exactly these headers */
                  readonly headers: { readonly [name: string]: string };
                };
              }[];
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/dossier': {
    /** Read the dossier: the origin and history of each version, oldest first */
    get: {
      parameters: {
        query?: {
          /** Maximum number of items per page. */
          readonly limit?: number | undefined;
          /** `next` of the previous page. */
          readonly after?: string | undefined;
        };
        path: { readonly model: string; readonly set: string };
      };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly items: {
                readonly model: string;
                readonly feature_set: string;
                readonly seq: number;
                readonly kind:
                  | 'version_registered'
                  | 'approval_given'
                  | 'version_approved'
                  | 'card_revised'
                  | 'version_rejected'
                  | 'order_withdrawn'
                  | 'deployment_scheduled'
                  | 'deployment_cancelled'
                  | 'deployment_promoted'
                  | 'version_archived'
                  | 'version_withdrawn'
                  | 'rolled_back'
                  | 'archive_finished'
                  | 'spec_emitted'
                  | 'spec_removed'
                  | 'spec_lost'
                  | 'alias_set'
                  | 'alias_removed'
                  | 'version_deleted';
                readonly at: string;
                readonly principal: string;
                readonly command_id: string;
                readonly facts: { readonly [name: string]: unknown };
                readonly previous: string;
                readonly digest: string;
              }[];
              /** Pass it as `after` to get the next page; absent on the last page. */
              readonly next?: string | undefined;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/dossier/verify': {
    /** Check the chain of digests, its end, and the copy in the object store; a long dossier page by page */
    get: {
      parameters: {
        query?: {
          /** Maximum number of entries per page. */
          readonly limit?: number | undefined;
          /** `next` of the previous page. */
          readonly after?: string | undefined;
        };
        path: { readonly model: string; readonly set: string };
      };

      responses: {
        200: {
          content: {
            'application/json': {
              /** No problem was found on this page. */
              readonly verified: boolean;
              readonly entries: number;
              readonly copies: number;
              readonly problems: { readonly seq: number; readonly problem: string }[];
              /** Pass it as `after` to check the next page. Only the last page, which has none, checks the end: a dossier is verified when every page is. */
              readonly next?: string | undefined;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/history': {
    /** Periods in which each version was live, oldest first; with `at`, the version live at that time */
    get: {
      parameters: {
        query?: {
          /** Maximum number of items per page. */
          readonly limit?: number | undefined;
          /** `next` of the previous page. */
          readonly after?: string | undefined;
          /** ISO-8601 instant. */
          readonly at?: string | undefined;
        };
        path: { readonly model: string; readonly set: string };
      };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly items: {
                readonly deployment: number;
                readonly version: number;
                readonly live_from: string;
                readonly live_until: string | null;
                readonly ended_by?: 'replaced' | 'rolled_back' | 'archived' | 'withdrawn' | undefined;
              }[];
              /** Pass it as `after` to get the next page; absent on the last page. */
              readonly next?: string | undefined;
              /** Deployments that are still to go live, earliest first */
              readonly scheduled: {
                readonly deployment: number;
                readonly version: number;
                readonly live_at: string;
              }[];
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/deployments': {
    /** List deployments by number */
    get: {
      parameters: {
        query?: {
          /** Maximum number of items per page. */
          readonly limit?: number | undefined;
          /** `next` of the previous page. */
          readonly after?: string | undefined;
        };
        path: { readonly model: string; readonly set: string };
      };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly items: {
                readonly model: string;
                readonly feature_set: string;
                readonly deployment: number;
                readonly version: number;
                readonly scheduler: 'temporal' | 'airflow';
                readonly schedule: string;
                readonly timezone: string;
                readonly live_at: string;
                readonly live_from?: string | undefined;
                readonly live_until?: string | undefined;
                readonly ended_by?: 'replaced' | 'rolled_back' | 'archived' | 'withdrawn' | undefined;
                readonly status: 'scheduled' | 'live' | 'ended' | 'cancelled';
                readonly requested_by: string;
                readonly created_at: string;
              }[];
              /** Pass it as `after` to get the next page; absent on the last page. */
              readonly next?: string | undefined;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/deployments/{deployment}/cancel': {
    /** Cancel a scheduled deployment, whether or not its workflow runs */
    post: {
      parameters: { path: { readonly model: string; readonly set: string; readonly deployment: number } };
      requestBody: { content: { 'application/json': { readonly reason: string } } };
      responses: {
        200: {
          content: {
            'application/json': {
              readonly model: string;
              readonly feature_set: string;
              readonly deployment: number;
              readonly version: number;
              readonly scheduler: 'temporal' | 'airflow';
              readonly schedule: string;
              readonly timezone: string;
              readonly live_at: string;
              readonly live_from?: string | undefined;
              readonly live_until?: string | undefined;
              readonly ended_by?: 'replaced' | 'rolled_back' | 'archived' | 'withdrawn' | undefined;
              readonly status: 'scheduled' | 'live' | 'ended' | 'cancelled';
              readonly requested_by: string;
              readonly created_at: string;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/rollback': {
    /** Leave the live deployment and make an earlier version live again, at once */
    post: {
      parameters: { path: { readonly model: string; readonly set: string } };
      requestBody: {
        content: {
          'application/json': {
            /** The live deployment to leave; the request is refused when another one is live. */
            readonly from_deployment: number;
            /** Default: the version that was live most recently before and was not taken out by hand. */
            readonly to_version?: number | undefined;
            /** Kept in the dossier. */
            readonly reason?: string | undefined;
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              readonly model: string;
              readonly feature_set: string;
              /** The new deployment */
              readonly deployment: number;
              readonly version: number;
              readonly live_from: string;
              /** The deployment that was left */
              readonly replaced: number;
              readonly left_version: number;
              /** Scheduled deployments of the version that was left, cancelled with it */
              readonly cancelled: number[];
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/repair': {
    /** Compare schedule, DAG spec and dossier copies of a pair with the registry, and put right what differs */
    post: {
      parameters: { path: { readonly model: string; readonly set: string } };

      responses: {
        200: { content: { 'application/json': Run } };
        202: { content: { 'application/json': Run } };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/scores': {
    /** List committed scores of a pair, oldest date first */
    get: {
      parameters: {
        query?: {
          /** Maximum number of items per page. */
          readonly limit?: number | undefined;
          /** `next` of the previous page. */
          readonly after?: string | undefined;
          readonly from?: string | undefined;
          readonly to?: string | undefined;
        };
        path: { readonly model: string; readonly set: string };
      };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly items: {
                readonly model: string;
                readonly feature_set: string;
                readonly version: number;
                readonly score_date: string;
                readonly revision: number;
                readonly rows: number;
                readonly declined: number;
                readonly built_at: string;
                readonly manifest_key: string;
                readonly partition_date: string;
                /** Names whose population stability index is at alert level. */
                readonly drifting: string[];
              }[];
              /** Pass it as `after` to get the next page; absent on the last page. */
              readonly next?: string | undefined;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
    /** Score a day */
    post: {
      parameters: { path: { readonly model: string; readonly set: string } };
      requestBody: {
        content: {
          'application/json': {
            /** Day the scores are for; the partition is chosen by it */
            readonly score_date: string;
            /** Default: the live version */
            readonly version?: number | undefined;
            /** Score again, as a new revision */
            readonly refresh?: boolean | undefined;
          };
        };
      };
      responses: {
        200: { content: { 'application/json': Run } };
        202: { content: { 'application/json': Run } };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/scores/{score_date}': {
    /** Manifest of the scores of a date: files, drift, what the reasons mean */
    get: {
      parameters: {
        query?: {
          /** Default: the last built. */
          readonly version?: number | undefined;
        };
        path: { readonly model: string; readonly set: string; readonly score_date: string };
      };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly model: string;
              readonly feature_set: string;
              readonly version: number;
              readonly score_date: string;
              readonly revision: number;
              readonly partition: {
                readonly feature_set: string;
                readonly definition_digest: string;
                readonly dt: string;
                readonly revision: number;
              };
              readonly parts: {
                readonly key: string;
                readonly size: number;
                readonly sha256: string;
                readonly rows: number;
              }[];
              readonly rows: number;
              readonly declined: number;
              readonly cut_off: number;
              readonly schema: { readonly name: string; readonly type: string }[];
              readonly drift: {
                readonly name: string;
                readonly psi: number;
                readonly level: 'ok' | 'warn' | 'alert';
              }[];
              readonly reason_texts: { readonly [name: string]: string };
              readonly mean_probability: number;
              readonly engine: 'onnx';
              readonly model_sha256: string;
              readonly built_by: { readonly workflow_id: string; readonly run_id: string };
              readonly built_at: string;
              /** Parquet files, in the order of the parts. */
              readonly uris: string[];
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/backfills': {
    /** Score every day of a range */
    post: {
      parameters: { path: { readonly model: string; readonly set: string } };
      requestBody: {
        content: {
          'application/json': {
            /** Default: the live version */
            readonly version?: number | undefined;
            readonly from: string;
            readonly to: string;
          };
        };
      };
      responses: {
        200: { content: { 'application/json': Run } };
        202: { content: { 'application/json': Run } };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/pairs/{model}/{set}/dag-spec': {
    /** DAG spec of a pair */
    get: {
      parameters: { path: { readonly model: string; readonly set: string } };

      responses: {
        200: { content: { 'application/json': DagSpec } };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/models': {
    /** List pairs of model and feature set, with the version that is live */
    get: {
      parameters: {
        query?: {
          /** Maximum number of items per page. */
          readonly limit?: number | undefined;
          /** `next` of the previous page. */
          readonly after?: string | undefined;
          /** Only pairs of which a step of the reconciler fails */
          readonly failing?: 'true' | undefined;
        };
      };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly items: {
                readonly model: string;
                readonly feature_set: string;
                readonly last_version: number;
                readonly live: {
                  readonly deployment: number;
                  readonly version: number;
                  readonly live_from: string;
                  readonly scheduler: 'temporal' | 'airflow';
                  readonly schedule: string;
                  readonly timezone: string;
                } | null;
                /** Steps of the reconciler that fail; each is tried again by itself */
                readonly failing: {
                  /** `promote`, `deploy/<version>`, `archive/<deployment>`, `dossier`, or `spec` (schedule and DAG) */
                  readonly step: string;
                  readonly since: string;
                  readonly tries: number;
                  readonly next_try: string;
                  readonly code: string;
                  readonly message: string;
                }[];
              }[];
              /** Pass it as `after` to get the next page; absent on the last page. */
              readonly next?: string | undefined;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/models/{model}/trainings': {
    /** Train a model */
    post: {
      parameters: { path: { readonly model: string } };
      requestBody: {
        content: {
          'application/json': {
            /** Train on what was known on this date, and nothing later */
            readonly as_of: string;
            /** Build partitions anew first whose inputs have changed since they were built */
            readonly refresh?: boolean | undefined;
          };
        };
      };
      responses: {
        200: { content: { 'application/json': Run } };
        202: { content: { 'application/json': Run } };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/models/{model}/lifecycles': {
    /** Train, register, wait for approval, deploy */
    post: {
      parameters: { path: { readonly model: string } };
      requestBody: {
        content: {
          'application/json': {
            /** Train on what was known on this date, and nothing later */
            readonly as_of: string;
            /** Build partitions anew first whose inputs have changed since they were built */
            readonly refresh?: boolean | undefined;
          };
        };
      };
      responses: {
        200: { content: { 'application/json': Run } };
        202: { content: { 'application/json': Run } };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/dag-specs': {
    /** Every DAG spec, for the loader; with If-None-Match, 304 if nothing changed */
    get: {
      parameters: {};

      responses: {
        200: {
          content: {
            'application/json': {
              readonly specs: DagSpec[];
              /** Keys of stored objects that are not valid specs */
              readonly invalid: string[];
            };
          };
        };
        304: { content?: never };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/search': {
    /** Find versions by stage, model, feature set, tags, alias, tier, author, date and metrics */
    get: {
      parameters: {
        query?: {
          /** Maximum number of items per page. */
          readonly limit?: number | undefined;
          /** `next` of the previous page. */
          readonly after?: string | undefined;
          readonly stage?:
            | 'registered'
            | 'approved'
            | 'scheduled'
            | 'live'
            | 'archived'
            | 'rejected'
            | 'withdrawn'
            | 'deleted'
            | undefined;
          readonly model?: string | undefined;
          readonly feature_set?: string | undefined;
          /** Versions that an alias of this name points to */
          readonly alias?: string | undefined;
          readonly tag?: string | string[] | undefined;
          readonly risk_tier?: 'low' | 'medium' | 'high' | undefined;
          readonly author?: string | undefined;
          /** Registered on or after this date (UTC) */
          readonly from?: string | undefined;
          /** Registered on or before this date (UTC) */
          readonly to?: string | undefined;
          readonly metric?: string | string[] | undefined;
        };
      };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly items: {
                readonly model: string;
                readonly feature_set: string;
                readonly version: number;
                readonly stage:
                  | 'registered'
                  | 'approved'
                  | 'scheduled'
                  | 'live'
                  | 'archived'
                  | 'rejected'
                  | 'withdrawn'
                  | 'deleted';
                readonly since: string;
                /** The approvals that stand, oldest first, or the one rejection */
                readonly judgements: {
                  readonly verdict: 'approve' | 'reject';
                  readonly principal: string;
                  /** The approver was one of the authors, which the rule of the tier allowed */
                  readonly by_author: boolean;
                  readonly reason: string;
                  readonly waivers: { readonly gate: string; readonly reason: string }[];
                  readonly evidence: string;
                  readonly at: string;
                  readonly expires_at: string | null;
                }[];
                /** Who banned the version for good, and why */
                readonly withdrawal?:
                  { readonly principal: string; readonly reason: string; readonly at: string } | undefined;
                /** The version is deployed as soon as it is approved; who asked for it */
                readonly order?: { readonly requested_by: string } | undefined;
                /** The last revision of the card; null while it is the first */
                readonly card: {
                  readonly revision: number;
                  readonly key: string;
                  readonly sha256: string;
                  readonly missing: string[];
                  readonly authors: string[];
                } | null;
              }[];
              /** Pass it as `after` to get the next page; absent on the last page. */
              readonly next?: string | undefined;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/schemas/model-card': {
    /** JSON Schema of the model card */
    get: {
      parameters: {};

      responses: { 200: { content?: never }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  '/v1/workflows': {
    /** List workflows, newest first */
    get: {
      parameters: {
        query?: {
          /** Maximum number of items per page. */
          readonly limit?: number | undefined;
          /** `next` of the previous page. */
          readonly after?: string | undefined;
          readonly model?: string | undefined;
          readonly feature_set?: string | undefined;
          /** What its id begins with */
          readonly type?:
            | 'materialise'
            | 'train'
            | 'import'
            | 'register'
            | 'lifecycle'
            | 'deploy'
            | 'archive'
            | 'score'
            | 'backfill'
            | 'reconcile'
            | 'repair'
            | undefined;
          readonly status?:
            'running' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed_out' | undefined;
        };
      };

      responses: {
        200: {
          content: {
            'application/json': {
              readonly items: WorkflowRow[];
              /** Pass it as `after` to get the next page; absent on the last page. */
              readonly next?: string | undefined;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/workflows/{*}': {
    /** Status, steps, result or failure of a workflow; with /logs after the id, the logs of its jobs as text */
    get: {
      parameters: {
        query?: {
          /** Logs only: position to continue reading from */
          readonly from?: string | undefined;
          /** Logs only: keep streaming until the workflow ends */
          readonly follow?: string | undefined;
        };
        path: {
          /** Workflow id */
          readonly '*': string;
        };
      };

      responses: {
        200: { content: { 'application/json': WorkflowStatus } };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
    /** With /cancel after the id: cancel the workflow; its jobs are cancelled first */
    post: {
      parameters: {
        path: {
          /** Workflow id */
          readonly '*': string;
        };
      };

      responses: {
        202: {
          content: {
            'application/json': {
              readonly workflow_id: string;
              readonly status: 'cancel_requested';
              /** What the cancellation leaves as it is */
              readonly note?: string | undefined;
            };
          };
        };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/workers': {
    /** Task queues with what waits there, and workers with their slots and builds */
    get: {
      parameters: {};

      responses: {
        200: { content: { 'application/json': WorkersAndBuilds } };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
  '/v1/workers/builds/{build}/use': {
    /** Make a build of the workers current, or give it a share of new runs */
    post: {
      parameters: {
        path: {
          /** A build that workers have reported, or `unversioned` for workers without versioning */
          readonly build: string;
        };
      };
      requestBody: {
        content: {
          'application/json': {
            /** Share of new runs; below 100 the current build keeps the rest */
            readonly percent?: number | undefined;
          };
        };
      };
      responses: {
        200: { content: { 'application/json': { readonly builds: WorkerBuild[] } } };
        default: { content: { 'application/problem+json': Problem } };
      };
    };
  };
}
