import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A network to one of the stores that counts requests. The `Host` header stays, so signatures hold. */
export interface CountingProxy extends AsyncDisposable {
  readonly url: string;
  /** Requests since the last call, by DynamoDB's operation or S3's method. */
  take(): Readonly<Record<string, number>>;
}

export async function startCountingProxy(target: string): Promise<CountingProxy> {
  const { hostname, port } = new URL(target);
  const agent = new Agent({ keepAlive: true });
  let counts: Record<string, number> = {};
  const server = createServer((asked, reply) => {
    const name = nameOf(asked.method ?? '', asked.url ?? '', asked.headers['x-amz-target']);
    counts[name] = (counts[name] ?? 0) + 1;
    void buffer(asked).then((body) => {
      const { method, url: path, headers } = asked;
      const onward = request({ hostname, port, method, path, headers, agent }, (answer) => {
        reply.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(reply);
      });
      onward.on('error', () => reply.destroy());
      onward.end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = counts;
      counts = {};
      return taken;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      agent.destroy();
    },
  };
}

function nameOf(method: string, url: string, target: string | readonly string[] | undefined): string {
  if (typeof target === 'string') return target.slice(target.indexOf('.') + 1);
  return url.includes('list-type=2') ? 'LIST' : method;
}
