/** Column names of a document: the names in the files where they are plain, otherwise names made of them. */
const PLAIN = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;
const LONGEST = 63;
const OWN_PREFIX = 'millrace_';

/** One name for each raw name, in their order; no two differ only in case. */
export function documentNames(raw: readonly string[]): string[] {
  // Plain names keep theirs, whatever odd names become.
  const taken = new Set<string>();
  const names = raw.map((name) => {
    if (!PLAIN.test(name) || name.toLowerCase().startsWith(OWN_PREFIX) || taken.has(name.toLowerCase()))
      return undefined;
    taken.add(name.toLowerCase());
    return name;
  });
  return names.map((name, index) => name ?? free(plainName(raw[index] ?? ''), taken));
}

/** `Größe (EUR)` becomes `groesse_eur`; what holds no Latin letter becomes `column`. */
function plainName(raw: string): string {
  const latin = raw
    .replaceAll('ß', 'ss')
    .replaceAll(/[äÄ]/g, 'ae')
    .replaceAll(/[öÖ]/g, 'oe')
    .replaceAll(/[üÜ]/g, 'ue')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  if (latin === '') return 'column';
  if (latin.startsWith(OWN_PREFIX) || /^\d/.test(latin)) return `raw_${latin}`;
  return latin;
}

function free(name: string, taken: Set<string>): string {
  let candidate = name.slice(0, LONGEST);
  for (let count = 2; taken.has(candidate); count += 1)
    candidate = `${name.slice(0, LONGEST - 1 - String(count).length)}_${count}`;
  taken.add(candidate);
  return candidate;
}
