import type { Catalogue } from './catalogue-entry.ts';

/** Errors of the command line and its processes. The API never answers with them. */
export const cliErrors = {
  COMMAND_LINE_INVALID: {
    status: null,
    exit: 'badInput',
    meaning: 'The command does not exist, or does not take these arguments.',
    remedy: 'Add --help to the command: it shows an example.',
  },
  CLI_UPLOAD_FAILED: {
    status: null,
    exit: 'failed',
    meaning: 'The object store did not take a file of an upload.',
    remedy:
      'Check that this machine reaches the object store and that the file has not changed, then run it again.',
  },
  CLI_FILE_INVALID: {
    status: null,
    exit: 'badInput',
    meaning: 'The file that holds the address of the API and the key cannot be read.',
    remedy: 'Correct or remove the file; `millrace bootstrap --another-admin-key` makes a new key.',
  },
  ENVIRONMENT_INVALID: {
    status: null,
    exit: 'badInput',
    meaning: 'An environment variable of Millrace does not hold what it should.',
    remedy: 'Correct or unset each variable that is named; configs/environment.ts lists them all.',
  },
  API_URL_INVALID: {
    status: null,
    exit: 'badInput',
    meaning: 'The address of the API is not an HTTP address.',
    remedy: 'Set MILLRACE_API_URL to an address such as http://127.0.0.1:8300.',
  },
  API_UNREACHABLE: {
    status: null,
    exit: 'unreachable',
    meaning: 'The API does not answer at its address.',
    remedy: 'Start it with `millrace up`, or set MILLRACE_API_URL to where it runs.',
  },
  API_ANSWER_UNKNOWN: {
    status: null,
    exit: 'unreachable',
    meaning: 'The answer is not one of this API: it comes from another server, a proxy or another release.',
    remedy: 'Check that MILLRACE_API_URL is the address of a Millrace API of this release.',
  },
  WORKFLOW_FAILED: {
    status: null,
    exit: 'failed',
    meaning: 'The run ended without a result and without an error code.',
    remedy: 'Read its steps with `millrace status <id>`.',
  },
  DOSSIER_BROKEN: {
    status: null,
    exit: 'failed',
    meaning: 'The dossier of the pair does not verify.',
    remedy:
      'Treat the entries listed as tampered with: find who wrote them, and compare them with the copies.',
  },
  FEATURE_TEST_FAILED: {
    status: null,
    exit: 'failed',
    meaning: 'Tests of feature sets give other rows than they expect.',
    remedy: 'Compare what was expected with what the query gives; correct the query or the test.',
  },
  FILE_EXISTS: {
    status: null,
    exit: 'badInput',
    meaning: 'A file that the command would write exists already.',
    remedy: 'Choose another name or folder, or move the file away.',
  },
  SET_UP_FAILED: {
    status: null,
    exit: 'failed',
    meaning: 'The checkout could not be set up.',
    remedy: 'Read what set-up printed above; `npm run setup` calls it again.',
  },
} as const satisfies Catalogue;
