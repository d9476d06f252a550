import createOpenApiClient, {
  type Client as OpenApiClient,
  type MethodResponse,
  type Middleware,
} from 'openapi-fetch';
import { ANSWER_MEMBERS } from './answer-members.ts';
import type { paths } from './api-types.ts';
import { ApiFailure, failureOf, notOfTheApi } from './failure.ts';

/** Slightly longer than the API's own time limit for a request. */
const ANSWER_MS = 70_000;

/**
 * `GET`, `POST` and `DELETE` by path of the OpenAPI document. Throws `ApiFailure` for every response that is not a success,
 * is cut off, or is not JSON of this route where JSON is expected.
 */
export interface Client extends OpenApiClient<paths> {
  readonly url: string;
  /** The same without a time limit, for streamed responses. */
  readonly endless: OpenApiClient<paths>;
}

/** The response body of a `GET` of this path. */
export type GetAnswer<Path extends Parameters<OpenApiClient<paths>['GET']>[0]> = MethodResponse<
  OpenApiClient<paths>,
  'get',
  Path
>;

/** The response body of a `POST` to this path. */
export type PostAnswer<Path extends Parameters<OpenApiClient<paths>['POST']>[0]> = MethodResponse<
  OpenApiClient<paths>,
  'post',
  Path
>;

/**
 * A client that calls the API at `url` as the principal of a key.
 *
 * @throws ApiFailure API_URL_INVALID when `url` is not an HTTP address.
 */
export function createClient(url: string, key?: string): Client {
  checkAddress(url);
  const settings = {
    baseUrl: url,
    pathSerializer: fillPath,
    ...(key !== undefined && { headers: { authorization: `Bearer ${key}` } }),
  };
  const limited = createOpenApiClient<paths>({
    ...settings,
    fetch: (request) => send(new Request(request, { signal: AbortSignal.timeout(ANSWER_MS) }), url),
  });
  limited.use({ onResponse: receive });
  return {
    ...limited,
    url,
    endless: createOpenApiClient<paths>({ ...settings, fetch: (request) => send(request, url) }),
  };
}

/** The parsed body of a response: `await answer(client.GET('/readyz'))`. */
export async function answer<Body>(call: Promise<{ readonly data?: Body }>): Promise<Body> {
  // The client throws unless the response is a success, so there is a body.
  return (await call).data as Body;
}

/**
 * Encodes each value as one segment, because workflow ids contain slashes; openapi-fetch reads `{*}` differently. Throws
 * `REQUEST_INVALID` for a value that leads elsewhere: URLs resolve `..` however it is encoded, and skip what is empty.
 */
function fillPath(path: string, values: Readonly<Record<string, unknown>>): string {
  return path.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => {
    const value = String(values[name]);
    refuseOtherPath(name, value);
    return encodeURIComponent(value);
  });
}

/** No name and no id of the platform has such parts; only the ids of workflows have several. */
function refuseOtherPath(name: string, value: string): void {
  const parts = name === '*' ? value.split('/') : [value];
  if (value.isWellFormed() && parts.every((part) => /^(?!\.{1,2}$)[^\p{Cc}/\\%]+$/u.test(part))) return;
  const what = name === '*' ? 'the id of a workflow' : name;
  throw new ApiFailure(undefined, {
    code: 'REQUEST_INVALID',
    detail: `${JSON.stringify(value)} cannot be ${what}: it is empty, or leads to another place of the API.`,
    where: name === '*' ? 'id' : name,
    remedy: 'Give the name or id as a listing shows it.',
  });
}

function checkAddress(url: string): void {
  if (/^https?:$/.test(URL.parse(url)?.protocol ?? '')) return;
  throw new ApiFailure(undefined, {
    code: 'API_URL_INVALID',
    detail: `${url} is not the address of an API.`,
    remedy: 'Set MILLRACE_API_URL to an address such as http://127.0.0.1:8300.',
  });
}

async function send(request: Request, url: string): Promise<Response> {
  const response = await reach(url, () => fetch(request));
  if (response.ok) return response;
  throw failureOf(response.status, await reach(url, () => response.text()), url);
}

/** Reads the whole body, so that a lost connection and the page of another server fail here and not in the caller. */
const receive: NonNullable<Middleware['onResponse']> = async ({
  request: { method },
  response,
  options,
  schemaPath,
}) => {
  const text = await reach(options.baseUrl, () => response.text());
  const expected = options.parseAs !== 'json' || isAnswer(text, ANSWER_MEMBERS[`${method} ${schemaPath}`]);
  if (!expected) throw notOfTheApi(response.status, options.baseUrl);
  return new Response(text === '' ? null : text, response);
};

/** Whether this is JSON with the members of one of the forms. A newer release may add members, but leaves none out. */
function isAnswer(text: string, forms: readonly (readonly string[])[] = [[]]): boolean {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return false;
    return forms.some((members) => members.every((name) => Object.hasOwn(value, name)));
  } catch {
    return false;
  }
}

async function reach<T>(url: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new ApiFailure(undefined, {
      code: 'API_UNREACHABLE',
      detail: `The API does not answer: ${cause}`,
      where: new URL(url).origin,
      remedy: 'Start it with `millrace up`, or set MILLRACE_API_URL to where it runs.',
    });
  }
}
