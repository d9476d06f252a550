import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';

/** The way to a server, which a test can cut. */
export interface Network extends AsyncDisposable {
  /** `host:port` that leads to the server. */
  readonly address: string;
  /** Ends every connection and refuses new ones. */
  readonly cut: () => void;
  readonly mend: () => Promise<void>;
}

/** @param target `host:port` of the server. */
export async function networkTo(target: string): Promise<Network> {
  const { hostname, port } = new URL(`tcp://${target}`);
  const open = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = createConnection({ host: hostname, port: Number(port) });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const cut = (): void => {
    isCut = true;
    for (const socket of open) socket.destroy();
  };
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    mend: () => {
      isCut = false;
      return Promise.resolve();
    },
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((closed) => server.close(closed));
    },
  };
}
