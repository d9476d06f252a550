import { ROOMS, type Room } from './rooms.ts';

const START = '<!-- generated: import order -->';
const END = '<!-- end of generated part -->';

/** docs/architecture.md with the diagram and the table of rooms between its two marks. */
export function withArchitecture(page: string): string {
  const [before, rest] = page.split(START);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`The page has no ${START} … ${END}.`);
  return [before + START, diagram(), table(), END + after].join('\n\n');
}

/** Arrows read "may be imported by". An arrow that follows from two others is left out. */
function diagram(): string {
  const edges = ROOMS.flatMap((room) => nearest(room).map((from) => `  ${from} --> ${room.room}`));
  const typeEdges = ROOMS.flatMap(({ room, types = [] }) =>
    types.map((from) => `  ${from} -. types .-> ${room}`),
  );
  return ['```mermaid', 'flowchart LR', ...edges, ...typeEdges, '```'].join('\n');
}

function nearest({ may }: Room): readonly string[] {
  const through = new Set(may.flatMap((name) => ROOMS.find(({ room }) => room === name)?.may ?? []));
  return may.filter((name) => !through.has(name));
}

function table(): string {
  const rows = ROOMS.map(({ room, holds }) => `| \`${room}/\` | ${holds} |`);
  return ['| folder | what it holds |', '|---|---|', ...rows].join('\n');
}
