import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { TOOLS } from '#local/tools.ts';
import { SOURCES, workflowBundle } from '#workers/bundle.ts';
import { matchesGlob } from 'node:path';
import * as workflows from '#workflows/index.ts';

const { codePath } = await workflowBundle(join(TOOLS, 'bundle'));
const code = readFileSync(codePath, 'utf8');

/** Paths of the modules in the bundle, as webpack marks them in its comments and eval'd names. */
const modules = new Set(
  [...code.matchAll(/"(\.\/[^"\s]+\.(?:ts|js|cjs|mjs))"/g)].map(([, path]) => path ?? ''),
);

test('the bundle holds every workflow', () => {
  for (const name of Object.keys(workflows)) assert.match(code, new RegExp(`\\b${name}\\b`));
  assert.ok(
    [...modules].some((path) => path.endsWith('workflows/train-model.ts')),
    'modules are found',
  );
});

test('nothing in it parses, reads a clock of its own or reaches outside', () => {
  const ours = [...modules].filter((path) => !path.startsWith('./node_modules/'));
  const allowed = /^\.\/((workflows|registry|features|errors)\/|configs\/partition-dates\.ts$)/;
  assert.deepEqual(
    ours.filter((path) => !allowed.test(path)),
    [],
  );
  const packages = [...modules].flatMap(
    (path) => /^\.\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  );
  const expected = new Set([
    '@temporalio/common',
    '@temporalio/workflow',
    '@temporalio/worker',
    '@temporalio/proto',
    'nexus-rpc',
    'long',
    'ms',
    'protobufjs',
  ]);
  assert.deepEqual(
    [...new Set(packages)].filter((name) => !expected.has(name)),
    [],
  );
  assert.doesNotMatch(code, /node_modules\/(zod|@js-temporal|@aws-sdk|@polyglot-sql)\//);
});

test('it stays small, since every cached workflow holds it', () => {
  assert.ok(code.length < 2_000_000, `${code.length} bytes`);
});

test('a change of any module in it makes a bundle of another name', () => {
  const ours = [...modules].filter((path) => !path.startsWith('./node_modules/') && path.endsWith('.ts'));
  for (const path of ours)
    assert.ok(
      SOURCES.some((glob) => matchesGlob(path.slice(2), glob)),
      `${path} is among the sources`,
    );
});
