import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { PORTS, PORT_NAMES, choosePorts, isPortFree, movedLine, portNumbers } from '#local/ports.ts';

const allFree = () => Promise.resolve(true);
const freeBut = (taken: readonly number[]) => (port: number) => Promise.resolve(!taken.includes(port));

describe('ports', () => {
  it('are the preferred ones where nobody has them', async () => {
    const { ports, moved } = await choosePorts({}, allFree);
    for (const name of PORT_NAMES) assert.equal(ports[name], PORTS[name].preferred);
    assert.deepEqual(moved, []);
  });

  it('move past a taken one, and say by name which was taken', async () => {
    const { ports, moved } = await choosePorts({}, freeBut([7233, 7234]));
    assert.equal(ports.temporal, 7235);
    assert.deepEqual(moved, [{ name: 'temporal', wanted: 7233, chosen: 7235 }]);
    assert.match(movedLine({ name: 'temporal', wanted: 7233, chosen: 7235 }), /7233 \(Temporal\).*7235/);
  });

  it('move when only the gRPC sibling is taken', async () => {
    const { ports } = await choosePorts({}, freeBut([19_333]));
    assert.equal(ports.seaweed_master, 9334);
  });

  it('of an earlier start are kept, and kept without a look while our own server holds them', async () => {
    const first = await choosePorts({ offset: 20 }, freeBut([7253]));
    const stored = first.ports;
    const again = await choosePorts(
      { stored, offset: 20, held: new Set(['temporal', 'temporal_ui']) },
      freeBut([stored.temporal, stored.temporal_ui]),
    );
    assert.deepEqual(again.ports, stored);
    assert.deepEqual(again.moved, []);
  });

  it('never share a number, whatever is taken', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 7_000, max: 20_000 }), { maxLength: 400 }),
        fc.integer({ min: 0, max: 800 }),
        async (taken, offset) => {
          const { ports } = await choosePorts({ offset }, freeBut(taken));
          const numbers = PORT_NAMES.flatMap((name) => portNumbers(name, ports[name]));
          assert.equal(new Set(numbers).size, numbers.length);
          assert.ok(numbers.every((number) => !taken.includes(number)));
        },
      ),
    );
  });

  it('are seen as taken while something listens', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    assert.equal(await isPortFree(port), false);
    await new Promise((done) => server.close(done));
    assert.equal(await isPortFree(port), true);
  });
});
