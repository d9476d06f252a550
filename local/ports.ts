import { createServer } from 'node:net';

/** Every loopback port that Millrace uses, with its preferred number. No other file names port numbers. */
export const PORTS = {
  temporal: { preferred: 7233, what: 'Temporal' },
  temporal_ui: { preferred: 8233, what: 'Temporal UI' },
  dynamodb: { preferred: 8000, what: 'DynamoDB Local' },
  s3: { preferred: 8333, what: 'SeaweedFS S3' },
  seaweed_master: { preferred: 9333, what: 'SeaweedFS master' },
  seaweed_volume: { preferred: 8080, what: 'SeaweedFS volume' },
  seaweed_filer: { preferred: 8888, what: 'SeaweedFS filer' },
  api: { preferred: 8300, what: 'Millrace API' },
} as const;

export type PortName = keyof typeof PORTS;
export type Ports = Readonly<Record<PortName, number>>;
export const PORT_NAMES = Object.keys(PORTS) as PortName[];

/** Each SeaweedFS server has a second port, for gRPC, this far above the first. */
const GRPC_ABOVE = 10_000;
const WITH_GRPC: ReadonlySet<PortName> = new Set(['s3', 'seaweed_master', 'seaweed_volume', 'seaweed_filer']);
const TRIES = 500;

/** The numbers that a port occupies: its own, and that of its gRPC sibling if it has one. */
export function portNumbers(name: PortName, port: number): readonly number[] {
  return WITH_GRPC.has(name) ? [port, port + GRPC_ABOVE] : [port];
}

/** A preferred port that another program uses. */
export interface MovedPort {
  readonly name: PortName;
  readonly wanted: number;
  readonly chosen: number;
}

export interface PortWishes {
  /** Ports of an earlier start; reused if they are free. */
  readonly stored?: Partial<Ports>;
  /** Added to the preferred numbers, so that homes of one checkout do not collide. */
  readonly offset?: number;
  /** Names whose stored port is used by our own running server. These ports are kept without a check. */
  readonly held?: ReadonlySet<PortName>;
}

/** Chooses a free port for every name: the stored one, else the preferred one, else the next free above it. */
export async function choosePorts(
  wishes: PortWishes,
  isFree: (port: number) => Promise<boolean> = isPortFree,
): Promise<{ readonly ports: Ports; readonly moved: readonly MovedPort[] }> {
  const chosen = new Map<PortName, number>();
  const moved: MovedPort[] = [];
  const taken = new Set<number>();
  const usable = async (name: PortName, port: number) => {
    for (const number of portNumbers(name, port)) {
      if (taken.has(number) || !(await isFree(number))) return false;
    }
    return true;
  };
  const take = (name: PortName, port: number) => {
    chosen.set(name, port);
    for (const number of portNumbers(name, port)) taken.add(number);
  };

  for (const name of PORT_NAMES) {
    const stored = wishes.stored?.[name];
    if (stored !== undefined && wishes.held?.has(name) === true) take(name, stored);
  }
  for (const name of PORT_NAMES) {
    if (chosen.has(name)) continue;
    const wanted = wishes.stored?.[name] ?? PORTS[name].preferred + (wishes.offset ?? 0);
    let port = wanted;
    while (!(await usable(name, port))) {
      port += 1;
      if (port > wanted + TRIES)
        throw new Error(`There is no free port for ${PORTS[name].what} from ${String(wanted)} on.`);
    }
    take(name, port);
    if (port !== wanted) moved.push({ name, wanted, chosen: port });
  }
  return { ports: Object.fromEntries(chosen) as Ports, moved };
}

/** Whether nothing listens on a port of 127.0.0.1. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => done(true)));
  });
}

/** The message about a port that had to move. */
export function movedLine({ name, wanted, chosen }: MovedPort): string {
  return `port ${String(wanted)} (${PORTS[name].what}) is taken by another program; using ${String(chosen)}`;
}
