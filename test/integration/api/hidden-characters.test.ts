import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { RouteOptions } from 'fastify';
import { z } from 'zod';
import { CHANGING_REQUESTS, injected } from './changing-routes.ts';
import { applyConfigs } from './fixtures/configs.ts';
import { runningApp, type RunningApp } from './running-app.ts';
import { storedItems } from './stored-items.ts';

const routes = new Map<string, RouteOptions>();
let running: RunningApp;
before(async () => {
  running = await runningApp({
    watchRoute: (route) => {
      for (const method of [route.method].flat()) routes.set(`${method} ${route.url}`, route);
    },
  });
  await applyConfigs(running.deps.table, running.deps.objects);
});
after(() => running[Symbol.asyncDispose]());

const HIDDEN = {
  'a zero-width space': '\u200B',
  'a zero-width non-joiner': '\u200C',
  'a zero-width joiner': '\u200D',
  'a word joiner': '\u2060',
  'a byte order mark': '\uFEFF',
  'a soft hyphen': '\u00AD',
  'a variation selector': '\uFE0F',
  'a tag character': '\u{E0041}',
  'a Hangul filler': '\u3164',
  'a right-to-left override': '\u202E',
  'a left-to-right isolate': '\u2066',
  'an Arabic letter mark': '\u061C',
  'a line separator': '\u2028',
  'U+0000': '\u0000',
  'an escape': '\u001B',
  'a C1 control': '\u0085',
  'half a character': '\uD83D',
};

type Path = readonly string[];
type Json = Readonly<Record<string, unknown>>;

/** Paths of the strings that a body may hold whose form the schema leaves open; `*` stands for items and keys. */
function textsOf(schema: Json, path: Path = []): readonly Path[] {
  const { type, properties, items, additionalProperties: more, anyOf } = schema;
  const alternatives = Array.isArray(anyOf) ? anyOf : [];
  const open = !['enum', 'const', 'pattern', 'format'].some((limit) => limit in schema);
  return [
    ...(type === 'string' && open ? [path] : []),
    ...alternatives.flatMap((one) => textsOf(one as Json, path)),
    ...Object.entries((properties ?? {}) as Json).flatMap(([key, one]) =>
      textsOf(one as Json, [...path, key]),
    ),
    ...(typeof items === 'object' ? textsOf(items as Json, [...path, '*']) : []),
    ...(typeof more === 'object' ? textsOf(more as Json, [...path, '*']) : []),
  ];
}

/** Where the path leads to in a body, one for each item or key that `*` stands for. */
function placesIn(body: unknown, [first, ...rest]: Path, at: Path = []): readonly Path[] {
  if (first === undefined) return [at];
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body)
    .filter(([key]) => first === '*' || key === first)
    .flatMap(([key, value]) => placesIn(value, rest, [...at, key]));
}

function withHidden(body: unknown, [key, ...rest]: Path, hidden: string): unknown {
  if (key === undefined) return `${String(body).slice(0, 4)}${hidden}${String(body).slice(4)}`;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(body) ? [...body] : { ...(body as Json) };
  return Object.assign(copy, { [key]: withHidden((body as Json)[key], rest, hidden) });
}

interface Text {
  readonly request: (typeof CHANGING_REQUESTS)[number];
  readonly path: Path;
}

function everyText(): readonly Text[] {
  return CHANGING_REQUESTS.flatMap((request) => {
    const body: unknown = routes.get(`${request.method} ${request.route}`)?.schema?.body;
    if (!(body instanceof z.ZodType)) return [];
    const schema = z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' });
    return textsOf(schema as Json).flatMap((open) => {
      const places = placesIn(request.payload, open);
      // Records of a fixed set of keys list every key; one filled in stands for all.
      assert.ok(
        places.length > 0 || open[0] === 'texts',
        `${request.route}: fill in ${open.join('.')} in changing-routes.ts`,
      );
      return places.map((path) => ({ request, path }));
    });
  });
}

test('finds the texts of every changing route in its schema', () => {
  const found = everyText().map(
    ({ request, path }) => `${request.method} ${request.route} ${path.join('.')}`,
  );
  const places = (end: string) => found.filter((text) => text.endsWith(end)).length;
  assert.ok(places(' reason') >= 8, found.join('\n'));
  for (const end of ['/versions notes', 'tags.season', 'texts.purpose', 'waivers.0.reason', 'waivers.0.gate'])
    assert.ok(places(end) >= 1, end);
});

test('refuses characters that readers cannot see in every text of every changing route, and stores nothing', async () => {
  const items = () => storedItems(running.deps.table, { without: 'audit' });
  const before = await items();
  const wrong: string[] = [];
  for (const { request, path } of everyText())
    for (const [name, hidden] of Object.entries(HIDDEN)) {
      const payload = withHidden(request.payload, path, hidden) as Json;
      const answer = await running.ask('admin', injected({ ...request, payload }));
      const { code, remedy } = answer.json();
      const files = path[0] === 'files' && path.at(-1) === 'text';
      const expected = files ? 'CONFIG_INVALID' : 'REQUEST_INVALID';
      if (code !== expected || !remedy || (path[1] !== '0' && !/U\+/.test(answer.body)))
        wrong.push(`${request.method} ${request.route} ${path.join('.')} with ${name}: ${code}`);
    }
  assert.deepEqual(wrong, []);
  assert.deepEqual(await items(), before);
});

test('refuses a name with such characters, in bodies and in paths', async () => {
  for (const [name, hidden] of Object.entries(HIDDEN)) {
    const payload = { name: `e${hidden}va`, roles: ['viewer'] };
    const key = await running.ask('admin', { method: 'POST', url: '/v1/keys', payload });
    assert.equal(key.json().code, 'REQUEST_INVALID', name);
    if (name === 'half a character') continue;
    const url = `/v1/pairs/buys/habits/aliases/ch${encodeURIComponent(hidden)}amp`;
    const headers = { 'if-none-match': '*' };
    const alias = await running.ask('admin', { method: 'PUT', url, headers, payload: { version: 1 } });
    assert.equal(alias.json().code, 'REQUEST_INVALID', name);
  }
});
