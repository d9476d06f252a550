import Fastify from 'fastify';
import { readEnvironment } from '#configs/environment.ts';
import { openPlatform } from '#platform/open-platform.ts';
import { createRegistry, type Registry } from '#registry/registry.ts';

/**
 * Registers trainings, in a separate process, behind a bare route without keys. In an installation an activity does it at
 * the end of a training.
 */
const { table, objects } = openPlatform(readEnvironment());
const registry = createRegistry(table, objects);
const app = Fastify();
app.post<{ Body: Parameters<Registry['registerVersion']>[0] }>('/register', ({ body }) =>
  registry.registerVersion(body),
);

const url = await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`);
