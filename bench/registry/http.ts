import { Agent, request } from 'node:http';

export interface Answer {
  readonly body: string;
  readonly etag: string | undefined;
}

export interface Ask {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A client that keeps its connections. It costs less CPU than `fetch`, which shares the cores with the servers. */
export function httpClient(connections: number): {
  readonly ask: (asked: Ask) => Promise<Answer>;
  readonly close: () => void;
} {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    ask: ({ method, url, headers, body }) =>
      new Promise((resolve, reject) => {
        const text = body === undefined ? undefined : JSON.stringify(body);
        const sent = request(url, {
          agent,
          method,
          headers: {
            ...headers,
            ...(text === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
          },
        });
        sent.on('error', reject);
        sent.on('response', (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const answer = Buffer.concat(chunks).toString();
            if ((response.statusCode ?? 500) < 300) resolve({ body: answer, etag: response.headers.etag });
            else reject(new Error(`${method} ${url} answered ${response.statusCode}: ${answer}`));
          });
        });
        sent.end(text);
      }),
    close: () => agent.destroy(),
  };
}
