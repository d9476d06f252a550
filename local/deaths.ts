import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from './write-whole.ts';

const deathSchema = z.object({
  name: z.string(),
  /** When it was noticed, ISO 8601. */
  died_at: z.string(),
  /** When it responded again; null until then. */
  back_at: z.string().nullable(),
});

/** One unexpected end of a process. */
export type Death = z.infer<typeof deathSchema>;

/** How often one process was restarted, and its last death. */
export interface Restarts {
  readonly name: string;
  readonly deaths: number;
  readonly last_died_at: string;
  readonly last_back_at: string | null;
}

const KEPT = 200;

/** The deaths recorded in a home, oldest first. */
export function readDeaths(home: string): readonly Death[] {
  try {
    return z.array(deathSchema).parse(JSON.parse(readFileSync(pathOf(home), 'utf8')));
  } catch {
    return []; // no file yet, or not a valid one: deaths are only shown to people, nothing depends on them
  }
}

export function noteDeath(home: string, name: string): void {
  const death = { name, died_at: new Date().toISOString(), back_at: null };
  write(home, [...readDeaths(home), death].slice(-KEPT));
}

/** Records that the process responds again. */
export function noteReturn(home: string, name: string): void {
  const back_at = new Date().toISOString();
  write(
    home,
    readDeaths(home).map((death) =>
      death.name === name && death.back_at === null ? { ...death, back_at } : death,
    ),
  );
}

/** Summed for each process, by name. */
export function restartsOf(deaths: readonly Death[]): readonly Restarts[] {
  const byName = new Map<string, Restarts>();
  for (const { name, died_at, back_at } of deaths) {
    const before = byName.get(name)?.deaths ?? 0;
    byName.set(name, { name, deaths: before + 1, last_died_at: died_at, last_back_at: back_at });
  }
  return [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function write(home: string, deaths: readonly Death[]): void {
  writeWhole(pathOf(home), `${JSON.stringify(deaths, null, 2)}\n`);
}

function pathOf(home: string): string {
  return join(home, 'deaths.json');
}
