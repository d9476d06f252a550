import { ROOMS, type Room } from './rooms.ts';

interface Override {
  readonly files: readonly string[];
  readonly rules: Readonly<Record<string, unknown>>;
}

const RULE = 'no-restricted-imports';

/** The lint configuration with the overrides that enforce the import order; other rules are unchanged. */
export function withImportRules(config: string): string {
  const parsed = JSON.parse(config) as { overrides: readonly Override[] };
  const kept = parsed.overrides.filter(({ rules }) => !(RULE in rules));
  return JSON.stringify({ ...parsed, overrides: [...ROOMS.map(importRule), ...kept] });
}

function importRule({ room, may, types = [] }: Room): Override {
  const known = [...may, ...types];
  const others = ROOMS.map((other) => other.room).filter((name) => name !== room);
  const forbidden = others.filter((name) => !known.includes(name)).map((name) => `#${name}/**`);
  const allowed = may.length === 0 ? 'nothing' : may.join(', ');
  const typesOnly = types.length === 0 ? '' : `, and types of ${types.join(', ')}`;
  const message = `${room}/ may import ${allowed}${typesOnly} (docs/architecture.md).`;
  const patterns = [
    { group: forbidden, message },
    ...(types.length === 0
      ? []
      : [{ group: types.map((name) => `#${name}/**`), message, allowTypeImports: true }]),
  ];
  return { files: [`${room}/**/*.{ts,mts}`], rules: { [RULE]: ['error', { patterns }] } };
}
