/**
 * `node scripts/time-zones.ts`: writes configs/time-zones.json, the time zones that Node, Python and Go all know. Needs
 * the Python environment of set-up, with its package tzdata, and Go on the PATH.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { ROOT, tools } from '#local/tools.ts';

const TZDATA = join(tools.sitePackages, 'tzdata');
const FIXED = /^Etc\/GMT[+-]([1-9]|1[0-4])$/;
/** Abbreviations that the database still lists as links. They name different zones to different people. */
const ABBREVIATIONS = new Set(['EST', 'MST', 'HST', 'CET', 'MET', 'EET', 'WET']);

const python = new Set(readFileSync(join(TZDATA, 'zones'), 'utf8').trim().split('\n'));
const go = new Set(goZones());
const known = (name: string): boolean => python.has(name) && go.has(name) && intlName(name) !== undefined;

const places = readFileSync(join(TZDATA, 'zoneinfo', 'zone.tab'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split('\t')[2] ?? '');
const zones = new Set([...places, ...python].filter(isCanonical).filter(known).toSorted());
const byIntlName = new Map([...zones].map((name) => [intlName(name) ?? name, name]));
const links = new Map(
  readFileSync(join(TZDATA, 'zoneinfo', 'tzdata.zi'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('L '))
    .map((line) => line.split(' '))
    .map(([, target = '', name = '']) => [name, target] as const),
);

const aliases: Record<string, string> = {};
for (const name of [...python].toSorted()) {
  if (zones.has(name) || ABBREVIATIONS.has(name)) continue;
  const target = canonical(name);
  if (target === undefined || !zones.has(target)) continue;
  if (offsets(target) !== offsets(name)) throw new Error(`${name} is not ${target}`);
  aliases[name] = target;
}

const made_by = 'node scripts/time-zones.ts';
const versions = {
  node: process.versions['tz'],
  python: readFileSync(join(TZDATA, 'zoneinfo', 'tzdata.zi'), 'utf8')
    .split('\n', 1)[0]
    ?.split(' ')
    .at(-1),
  go: execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' }).trim(),
};
const file = join(ROOT, 'configs/time-zones.json');
const options = JSON.parse(readFileSync(join(ROOT, '.prettierrc.json'), 'utf8')) as object;
const text = JSON.stringify({ made_by, versions, zones: [...zones], aliases });
writeFileSync(file, await format(text, { ...options, filepath: file }));
console.log(`${zones.size} zones and ${Object.keys(aliases).length} aliases`);

/** A place of zone.tab, UTC, or a fixed offset. */
function isCanonical(name: string): boolean {
  return name === 'UTC' || FIXED.test(name) || places.includes(name);
}

/** A link often names a neighbour with the same history, so Intl goes first: it treats renamed places as one. */
function canonical(name: string): string | undefined {
  if (/^(Etc\/)?(GMT|UCT|UTC|Universal|Zulu|Greenwich)([+-]?0)?$/.test(name)) return 'UTC';
  return byIntlName.get(intlName(name) ?? '') ?? links.get(name);
}

function intlName(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Offsets of each week of thirty years, as one text. */
function offsets(zone: string): string {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  const week = 7 * 86_400_000;
  const from = Date.UTC(2010, 0, 1);
  return Array.from(
    { length: 30 * 52 },
    (_, index) =>
      format.formatToParts(from + index * week).find(({ type }) => type === 'timeZoneName')?.value,
  ).join();
}

/** The names in the database that Go embeds into its programs, such as the Temporal server. */
function goZones(): readonly string[] {
  const root = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
  const names = 'import sys, zipfile; print("\\n".join(zipfile.ZipFile(sys.argv[1]).namelist()))';
  const zip = join(root, 'lib', 'time', 'zoneinfo.zip');
  return execFileSync(tools.python, ['-c', names, zip], { encoding: 'utf8' }).split('\n');
}
