/** A folder under the lake bucket, as a source names it. */
export const LOCATION = /^([A-Za-z0-9_=-]+\/)+$/;

/** Folders of the lake bucket that the platform itself writes to. */
const OWN_FOLDERS = [
  'airflow',
  'cards',
  'configs',
  'dag-specs',
  'dossiers',
  'features',
  'footers',
  'jobs',
  'models',
  'scores',
  'staged',
  'uploads',
];

/** The folder at the top of a location, if the platform itself writes to it. */
export function ownFolder(location: string): string | undefined {
  const folder = location.split('/', 1)[0]?.toLowerCase() ?? '';
  return OWN_FOLDERS.includes(folder) ? folder : undefined;
}

/** Whether a source may be in the folder. */
export function isRawLocation(location: string): boolean {
  return LOCATION.test(location) && ownFolder(location) === undefined;
}
