import type { ConfigFile } from '#configs/load.ts';
import type { SourceDraft } from '#configs/source-draft.ts';

export interface DraftedSource {
  readonly name: string;
  /** Where the files were read. */
  readonly from: string;
  /** Folder under the lake bucket; undefined if the files are not in the lake yet. */
  readonly location: string | undefined;
  readonly draft: SourceDraft;
}

/** A Source document in which a comment says from what each conclusion was drawn. It is valid unchanged. */
export function sourceYaml({ name, from, location, draft }: DraftedSource): ConfigFile {
  const { files, columns, left_out: leftOut, keys, event_time: event, known_time: known, sensitive } = draft;
  const of = files.read === files.found ? `${files.found}` : `${files.read} of ${files.found}`;
  const lines = [
    comment(
      `Drafted from ${of} Parquet ${files.found === 1 ? 'file' : 'files'} below ${from}, with ${files.rows} rows. Comments say what it was concluded from: check them.`,
    ),
    'kind: Source',
    `name: ${name}`,
    'owner: my-team',
    `description: What one row of ${name} is.`,
    ...(location === undefined ? [comment('Put the files there, in the lake bucket.')] : []),
    `location: ${location ?? `raw/${name}/`}`,
    comment(keys.why),
    `keys: [${keys.columns.map(text).join(', ')}]`,
    comment(event.why),
    event.column === null ? '# event_time: …' : `event_time: ${text(event.column)}`,
    comment(known.why),
    `known_time: ${text(known.column)}`,
    '# availability: { lag: 1d }           # if rows reach the lake later than known_time says',
    'columns:',
    ...columns.map(columnLine),
    ...(leftOut.length === 0 ? [] : [comment('Columns of the files that are left out:')]),
    ...leftOut.map(({ column, why }) => comment(`- ${JSON.stringify(column)}: ${why}`)),
    comment(
      sensitive.length === 0
        ? 'By their names, no columns describe protected attributes. Columns in this list may never become a feature.'
        : 'By their names, these describe protected attributes. They may never become a feature.',
    ),
    `sensitive: [${sensitive.map(text).join(', ')}]`,
  ];
  return { path: `${name}.yaml`, text: `${lines.join('\n')}\n` };
}

function columnLine({ name, column, type, why }: SourceDraft['columns'][number]): string {
  const declared =
    name === column ? typeText(type) : `{ column: ${JSON.stringify(column)}, type: ${typeText(type)} }`;
  return `  ${text(name)}: ${declared}${why === null ? '' : ` ${comment(why)}`}`;
}

/** In quotes if it has the commas and brackets of a type with parameters. */
function typeText(type: string): string {
  return /^[a-z_]+$/.test(type) ? type : JSON.stringify(type);
}

const WORDS_OF_YAML = /^(null|true|false|yes|no|on|off|y|n)$/i;

function text(name: string): string {
  return WORDS_OF_YAML.test(name) ? JSON.stringify(name) : name;
}

/** On one line, whatever names of files and columns hold. */
function comment(words: string): string {
  return `# ${words.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')}`;
}
