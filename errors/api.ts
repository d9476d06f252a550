import type { Catalogue } from './catalogue-entry.ts';

/** Errors of the HTTP API itself: authentication, malformed requests, and unavailable dependencies. */
export const apiErrors = {
  UNAUTHENTICATED: {
    status: 401,
    exit: 'notAllowed',
    meaning: 'The request carries no API key, or one that is not valid.',
    remedy:
      'Send `Authorization: Bearer mk_…` with a key that an admin made (`millrace keys create`), or set MILLRACE_API_KEY.',
  },
  FORBIDDEN: {
    status: 403,
    exit: 'notAllowed',
    meaning: 'The key is valid, but lacks the role that the route needs.',
    remedy: 'Use a key with the role named, or ask an admin for one.',
  },
  TEAM_NOT_ALLOWED: {
    status: 403,
    exit: 'notAllowed',
    meaning: 'The key has the role that is needed, but is not in the team that owns the document.',
    remedy:
      'Ask somebody in the team named, or an admin for a key in it (`millrace keys create --team`); moving a document or changing what is sensitive needs every team that is listed.',
  },
  REQUEST_INVALID: {
    status: 400,
    exit: 'badInput',
    meaning: 'The request does not follow the schema of its route.',
    remedy: 'Correct each place listed; /docs shows what the route accepts.',
  },
  PRECONDITION_FAILED: {
    status: 412,
    exit: 'failed',
    meaning: 'The resource has changed since the caller read it.',
    remedy: 'Read it again, decide again, and send the ETag that it has now in If-Match.',
  },
  PRECONDITION_REQUIRED: {
    status: 428,
    exit: 'badInput',
    meaning:
      'The change replaces a value that others may have changed, so it must name what the caller read.',
    remedy: 'Send the ETag of the last read in If-Match, or `If-None-Match: *` to set it for the first time.',
  },
  REQUEST_HEADERS_TOO_LARGE: {
    status: 431,
    exit: 'badInput',
    meaning: 'The headers of the request, or its address, are larger than the API reads.',
    remedy:
      'Check the names and ids in the address: one of them is too long. Otherwise send fewer or shorter headers, and what is long in the body.',
  },
  REQUEST_INCOMPLETE: {
    status: 408,
    exit: 'unreachable',
    meaning: 'The request did not arrive completely in time.',
    remedy: 'Check the connection, then send it again.',
    transient: true,
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    exit: 'badInput',
    meaning: 'The API has this path, but not for this method.',
    remedy: 'Use a method that the header Allow names; /docs shows what each does.',
  },
  REQUEST_TOO_LARGE: {
    status: 413,
    exit: 'badInput',
    meaning: 'The body of the request is larger than the API accepts.',
    remedy: 'Send fewer or smaller files in one request.',
  },
  MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    exit: 'badInput',
    meaning: 'The body is of a media type that the API does not read.',
    remedy: 'Send JSON with `Content-Type: application/json`.',
  },
  ROUTE_NOT_FOUND: {
    status: 404,
    exit: 'notFound',
    meaning: 'The API has no such route.',
    remedy: 'Compare method and path with /docs.',
  },
  REQUEST_TIMED_OUT: {
    status: 503,
    exit: 'unreachable',
    meaning: 'The API did not finish the request in time; what it had begun may still be done.',
    remedy: 'Look whether it was done, then try again: requests are idempotent.',
    transient: true,
  },
  NOT_READY: {
    status: 503,
    exit: 'unreachable',
    meaning: 'A system that the API depends on does not answer.',
    remedy: 'Look at the failed checks; start what is down (`millrace up`) and try again.',
    transient: true,
  },
  TEMPORAL_UNREACHABLE: {
    status: 503,
    exit: 'unreachable',
    meaning: 'The Temporal server does not answer.',
    remedy: 'Check MILLRACE_TEMPORAL_ADDRESS and that the server runs, then try again.',
    transient: true,
  },
  TEMPORAL_REFUSED: {
    status: 502,
    exit: 'failed',
    meaning:
      'The Temporal server answers and refuses the call: a search attribute or a namespace that it lacks, or no permission.',
    remedy: 'Run millrace bootstrap, which adds what is missing; then check the namespace and the key.',
    transient: true,
  },
  AUDIT_UNAVAILABLE: {
    status: 503,
    exit: 'unreachable',
    meaning: 'The audit trail cannot be written, so no change is made.',
    remedy: 'See that the table answers (/readyz), then try again.',
    transient: true,
  },
  KEY_NOT_FOUND: {
    status: 404,
    exit: 'notFound',
    meaning: 'There is no API key with this id.',
    remedy: '`millrace keys list` shows the ids.',
  },
  KEY_SHOWN_ONCE: {
    status: 409,
    exit: 'failed',
    meaning: 'An earlier request with this Idempotency-Key created the key, and its text is shown only once.',
    remedy:
      'If its text was lost, revoke it (`millrace keys revoke`) and create another with a new Idempotency-Key.',
  },
  LAST_ADMIN_KEY: {
    status: 409,
    exit: 'failed',
    meaning: 'This is the last admin key; without it no other key could be created.',
    remedy: 'Make a second admin key first, then revoke this one.',
  },
  DATE_IN_FUTURE: {
    status: 422,
    exit: 'badInput',
    meaning:
      'The date has not begun in the time zone of the feature set, so not everything that it may use is known yet.',
    remedy: 'Ask for a date up to today in partition.time_zone of the feature set.',
  },
  DATES_HOLD_NO_PARTITION: {
    status: 422,
    exit: 'badInput',
    meaning: 'The range of dates is empty, or the feature set has no partition for a date in it.',
    remedy:
      'Write the earlier date first, and ask for dates that follow grain, start, end and max_staleness of the feature set.',
  },
  DATES_TOO_MANY: {
    status: 422,
    exit: 'badInput',
    meaning: 'The request spans more dates than one request may start.',
    remedy: 'Ask for a shorter range, one after the other.',
  },
  WORKFLOW_NOT_FOUND: {
    status: 404,
    exit: 'notFound',
    meaning: 'Temporal knows no workflow with this id; it may be past the retention of histories.',
    remedy:
      'Check the id. Results outlive histories: read the registry, the partitions or the scores instead.',
  },
  WORKFLOW_NOT_RUNNING: {
    status: 409,
    exit: 'failed',
    meaning: 'The workflow has ended already, so it cannot be cancelled or signalled.',
    remedy: 'Read its status; start the work again if it is still wanted.',
  },
  WORKFLOW_CANCELLED: {
    status: 409,
    exit: 'failed',
    meaning: 'The workflow was cancelled before it was done.',
    remedy: 'Start it again if it is still wanted.',
  },
  WORKFLOW_TERMINATED: {
    status: 409,
    exit: 'failed',
    meaning: 'Somebody terminated the workflow in Temporal.',
    remedy: 'Ask the platform engineers why, then start it again.',
  },
  WORKFLOW_TASK_FAILING: {
    status: 409,
    exit: 'failed',
    meaning:
      'The code of a running workflow fails on every try: mostly because workers of another build run it than the one that began it. It is not lost, and goes on as soon as its code works.',
    remedy:
      'Start workers of the build that began it and make that build current with `millrace workers use <build>`; without builds, start workers of that release again. See docs/upgrades.md.',
  },
  WORKER_BUILD_UNKNOWN: {
    status: 404,
    exit: 'notFound',
    meaning: 'No worker with versioning has reported this build.',
    remedy: 'Start its workers with MILLRACE_WORKER_BUILD; `millrace workers` lists the builds.',
  },
  WORKER_BUILD_INCOMPLETE: {
    status: 409,
    exit: 'failed',
    meaning: 'The workers of this build do not serve every task queue, so some work would wait for ever.',
    remedy: 'Start its missing workers, then make it current again; the answer names the queues.',
  },
  WORKFLOW_TIMED_OUT: {
    status: 504,
    exit: 'failed',
    meaning: 'The workflow or one of its steps ran out of time.',
    remedy: 'See in its steps what hung, then start it again.',
  },
  INTERNAL: {
    status: 500,
    exit: 'failed',
    meaning: 'Something failed that the platform has no name for.',
    remedy: 'Try again; if it stays, give the reference to the platform engineers: the log holds the cause.',
  },
} as const satisfies Catalogue;
