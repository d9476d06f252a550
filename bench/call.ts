/** Calls an API as one principal; the caller names the type of the answer. Throws on any answer that is not 2xx. */
export type Call = <T>(method: 'GET' | 'POST', path: string, body?: unknown) => Promise<T>;

export function callAs(api: string, key: string): Call {
  return async <T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${api}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return JSON.parse(text) as T;
  };
}
