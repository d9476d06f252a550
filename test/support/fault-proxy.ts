import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as a test chooses it. */
export interface Seen {
  readonly method: string;
  /** Path and query, percent signs decoded. */
  readonly path: string;
  /** `TransactWriteItems`, `PutItem` …: what DynamoDB is asked for. */
  readonly operation: string;
  readonly body: Buffer;
}

/** Requests of one kind, kept on their way: the first and every repetition of it, until told otherwise. */
export interface Held {
  /** One is there; with `after`, what it asks for is done and only its answer is kept back. */
  readonly reached: Promise<void>;
  /** Keeps what is kept, and lets those that come now pass. */
  readonly open: () => void;
  /** Lets all through, also those whose senders have died, and the answers back. Gives the statuses. */
  readonly release: () => Promise<readonly number[]>;
  /** Cuts the connections: requests kept `before` never arrive, answers of those kept `after` are lost. */
  readonly drop: () => void;
}

/** Before the server sees the request, or after it has done what was asked. */
export type Moment = 'before' | 'after';

export interface FaultProxy extends AsyncDisposable {
  readonly url: string;
  /** Keeps the requests that fit; all others pass. */
  hold(moment: Moment, fits: (request: Seen) => boolean): Held;
}

interface Trap {
  readonly moment: Moment;
  readonly fits: (request: Seen) => boolean;
  readonly caught: (exchange: Exchange) => void;
}

interface Exchange {
  readonly send: () => Promise<Answer>;
  readonly reply: (answer: Answer) => void;
  readonly cut: () => void;
  readonly answer?: Answer;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/**
 * A network between the platform and one of its stores: passes HTTP on unchanged and, where told to, keeps one request
 * or its answer back. The `Host` header stays, so signatures hold.
 */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  const agent = new Agent({ keepAlive: true });
  const traps = new Set<Trap>();
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const seen = describe(incoming, body);
    const exchange: Exchange = {
      send: () => forward(incoming, body),
      reply: ({ status, headers, body: text }) => {
        if (outgoing.destroyed) return;
        outgoing.writeHead(status, withoutConnection(headers));
        outgoing.end(text);
      },
      cut: () => outgoing.destroy(),
    };
    const trap = [...traps].find(({ fits }) => fits(seen));
    if (trap === undefined) exchange.reply(await exchange.send());
    else if (trap.moment === 'before') trap.caught(exchange);
    else trap.caught({ ...exchange, answer: await exchange.send() });
  }

  function forward(incoming: IncomingMessage, body: Buffer): Promise<Answer> {
    return new Promise((done, failed) => {
      const { expect: _expect, 'transfer-encoding': _encoding, ...headers } = incoming.headers;
      const to = { hostname, port, agent, method: incoming.method, path: incoming.url, headers };
      const outgoing = request(to, (answer) => done(readAnswer(answer)));
      outgoing.on('error', failed);
      outgoing.end(body);
    });
  }

  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold(moment, fits) {
      const { promise: reached, resolve } = Promise.withResolvers<void>();
      const kept: Exchange[] = [];
      const trap: Trap = {
        moment,
        fits,
        caught(exchange) {
          kept.push(exchange);
          resolve();
        },
      };
      traps.add(trap);
      const open = (): void => void traps.delete(trap);
      return {
        reached,
        open,
        async release() {
          open();
          const statuses: number[] = [];
          for (const { answer, send, reply } of kept.splice(0)) {
            const late = answer ?? (await send());
            reply(late);
            statuses.push(late.status);
          }
          return statuses;
        },
        drop() {
          open();
          for (const { cut } of kept.splice(0)) cut();
        },
      };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      agent.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function readAnswer(answer: IncomingMessage): Promise<Answer> {
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await buffer(answer) };
}

function describe(incoming: IncomingMessage, body: Buffer): Seen {
  return {
    method: incoming.method ?? '',
    path: decodeURIComponent(incoming.url ?? ''),
    operation: (incoming.headers['x-amz-target'] ?? '').toString().replace(/^.*\./, ''),
    body,
  };
}

/** The hop-by-hop headers belong to the connection behind; the body is sent whole. */
function withoutConnection(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  const { connection: _connection, 'transfer-encoding': _encoding, 'keep-alive': _alive, ...rest } = headers;
  return rest;
}
