import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitted, startProgress } from '#cli/progress.ts';
import { nowDoing } from '#cli/runs.ts';
import { recordedTerminal } from '#test/support/recorded-terminal.ts';

test('cuts a line to the width of the terminal and keeps its end', () => {
  assert.equal(fitted('score buys: Score', ' (3 s)', 80), 'score buys: Score (3 s)');
  for (const columns of [20, 40, 80, 200]) {
    const line = fitted('x'.repeat(300), ' (12 s)', columns);
    assert.equal(line.length, columns - 1);
    assert.match(line, /… \(12 s\)$/);
  }
  assert.equal(fitted('two\nlines', '', 80), 'two lines');
});

test('redraws within the width that the terminal has at that moment', () => {
  let columns = 60;
  const terminal = { ...recordedTerminal('.'), redraws: true, columns: () => columns };
  const lines: string[] = [];
  const err = (text: string) => void lines.push(text.replace('\r\u001B[K', ''));
  {
    using progress = startProgress({ ...terminal, err }, 'train buys');
    progress.say('y'.repeat(300));
    columns = 30;
    progress.say('z'.repeat(300));
  }
  assert.deepEqual(
    lines.map((line) => line.length),
    [59, 29, 0],
  );
});

test('counts steps that differ by their date alone', () => {
  const status = { workflow_id: 'w', run_id: 'r', type: 't', status: 'running', started_at: '' } as const;
  const steps = Array.from({ length: 60 }, (_, day) => ({
    kind: 'child' as const,
    name: `Materialise habits 2026-01-${day}`,
    status: day < 12 ? ('completed' as const) : ('running' as const),
    attempt: 1,
  }));
  assert.equal(nowDoing({ ...status, steps }), 'Materialise habits: 12 of 60 done');
});
