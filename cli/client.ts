import { CliFailure, EXIT, exitOf } from './failure.ts';

export interface Client {
  readonly url: string;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  remove<T>(path: string): Promise<T>;
  /** An answer that is no JSON, as text. */
  text(path: string): Promise<string>;
  /** Text as it comes. */
  stream(path: string): AsyncIterable<string>;
}

interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly where?: string;
  readonly remedy?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly errors?: readonly unknown[];
}

/** A little longer than the API itself allows a request to take. */
const ANSWER_MS = 70_000;

/** Calls the API with a key. Every answer that is no success becomes a `CliFailure` with its exit code. */
export function createClient(url: string, key: string | undefined): Client {
  async function ask(
    method: string,
    path: string,
    body?: unknown,
    signal: AbortSignal | null = AbortSignal.timeout(ANSWER_MS),
  ): Promise<Response> {
    const response = await reach(addressOf(path, url), {
      method,
      signal,
      headers: {
        accept: '*/*',
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (response.ok) return response;
    throw failureOf(response.status, await response.text(), url);
  }

  const json = async <T>(response: Promise<Response>): Promise<T> => (await (await response).json()) as T;

  return {
    url,
    get: (path) => json(ask('GET', path)),
    post: (path, body) => json(ask('POST', path, body ?? {})),
    remove: (path) => json(ask('DELETE', path)),
    text: async (path) => (await ask('GET', path)).text(),
    async *stream(path) {
      const { body } = await ask('GET', path, undefined, null);
      if (body) for await (const chunk of body.pipeThrough(new TextDecoderStream())) yield chunk;
    },
  };
}

function addressOf(path: string, url: string): URL {
  const address = URL.parse(path, url);
  if (address !== null && /^https?:$/.test(address.protocol)) return address;
  throw new CliFailure('API_URL_INVALID', `${url} is no address of an API`, {
    exit: EXIT.badInput,
    remedy: 'Set MILLRACE_API_URL to an address such as http://127.0.0.1:8300.',
  });
}

async function reach(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new CliFailure('API_UNREACHABLE', `the API does not answer: ${cause}`, {
      exit: EXIT.unreachable,
      where: url.origin,
      remedy: 'Start it with `millrace up`, or set MILLRACE_API_URL to where it runs.',
    });
  }
}

function failureOf(status: number, text: string, url: string): CliFailure {
  const problem = parse(text);
  const { code = 'API_ANSWER_UNKNOWN' } = problem;
  return new CliFailure(code, problem.detail ?? `the API answered ${status}`, {
    // A 404 of another server says nothing about what was asked for.
    exit: problem.code === undefined && status === 404 ? EXIT.unreachable : exitOf(status, code),
    where: problem.where,
    remedy: problem.remedy ?? `See that ${url} is the API of Millrace.`,
    details: problem.details,
    problems: problem.errors,
  });
}

function parse(text: string): Problem {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // A proxy's page, or another server altogether: the status says it.
    return {};
  }
}
