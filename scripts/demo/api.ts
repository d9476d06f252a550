/** An answer of the API that is none of the 2xx, with its problem details. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly problem: { readonly code?: string; readonly detail?: string; readonly remedy?: string };

  constructor(path: string, status: number, problem: ApiProblem['problem']) {
    super(
      `${path} answered ${status} ${problem.code ?? ''}: ${problem.detail ?? ''} ${problem.remedy ?? ''}`,
    );
    this.problem = problem;
  }
}

/** Calls the API as one principal. Answers are what `/openapi.json` says; the caller names the type it relies on. */
export type Call = <T>(method: 'GET' | 'POST', path: string, body?: unknown) => Promise<T>;

export function callAs(api: string, key: string): Call {
  return async <T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${api}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    if (!response.ok) throw new ApiProblem(path, response.status, answer as ApiProblem['problem']);
    return answer as T;
  };
}

/** An answer that is not JSON, such as the card as a page. */
export async function fetchText(url: string, key: string): Promise<string> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.text();
}
