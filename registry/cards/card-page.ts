import { isNotMeasurable } from './card-value.ts';
import type { ShownCard } from './card.ts';

/** A card laid out for reading, the common form behind Markdown and HTML. */
export interface CardPage {
  readonly title: string;
  readonly sections: readonly CardSection[];
}

export interface CardSection {
  readonly title: string;
  readonly facts: readonly (readonly [label: string, text: string])[];
  readonly tables: readonly CardTable[];
}

export interface CardTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

type Row = Readonly<Record<string, unknown>>;

export function cardPage(card: ShownCard): CardPage {
  const { identity, purpose, build, data, features, performance, fairness, explainability, limits, control } =
    card;
  return {
    title: `${identity.model} on ${identity.feature_set}, version ${identity.version}`,
    sections: [
      section('Identity', identity),
      section('Purpose', purpose),
      section('Build', build),
      section('Data', data),
      section('Features', { features }),
      performanceSection(performance),
      fairnessSection(fairness),
      section('Explainability', explainability),
      section('Limits', limits),
      section('Control', control),
    ],
  };
}

/** Lists of records become tables; every other field becomes a label and a text. */
function section(title: string, fields: Row): CardSection {
  const facts: [string, string][] = [];
  const tables: CardTable[] = [];
  for (const [name, value] of Object.entries(fields)) {
    const rows = records(value);
    if (rows === undefined) facts.push([label(name), cell(value)]);
    else tables.push(table(label(name), rows));
  }
  return { title, facts, tables };
}

/** The figures of the splits side by side; a split without figures becomes a line with the reason. */
function performanceSection({ train, test, out_of_time, ...others }: ShownCard['performance']): CardSection {
  const rest = section('Performance', others);
  const facts: [string, string][] = [];
  const measured: { readonly name: string; readonly figures: Row }[] = [];
  for (const [name, figures] of Object.entries({ train, test, out_of_time })) {
    if (figures === null || isNotMeasurable(figures)) facts.push([label(name), cell(figures)]);
    else measured.push({ name, figures });
  }
  const names = [...new Set(measured.flatMap(({ figures }) => Object.keys(figures)))];
  const figures: CardTable = {
    title: 'Figures with 95 % intervals',
    columns: ['Figure', ...measured.map(({ name }) => label(name))],
    rows: names.map((name) => [label(name), ...measured.map((split) => cell(split.figures[name]))]),
  };
  return { ...rest, facts: [...facts, ...rest.facts], tables: [figures, ...rest.tables] };
}

/** One row per attribute, plus a table of groups for each. */
function fairnessSection({ attributes, ...others }: ShownCard['fairness']): CardSection {
  if (!Array.isArray(attributes)) return section('Fairness', { attributes, ...others });
  const rest = section('Fairness', others);
  const groups = attributes.flatMap(({ attribute, groups: found }) => {
    const rows = records(found);
    return rows === undefined ? [] : [table(`Groups of ${attribute}`, rows)];
  });
  const summary = attributes.map(({ groups: found, ...figures }) => ({
    ...figures,
    groups: Array.isArray(found) ? found.length : cell(found),
  }));
  return { ...rest, tables: [table('Attributes', summary), ...groups] };
}

function records(value: unknown): readonly Row[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.every((one): one is Row => typeof one === 'object' && one !== null && !Array.isArray(one))
    ? value
    : undefined;
}

function table(title: string, rows: readonly Row[]): CardTable {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return {
    title,
    columns: columns.map(label),
    rows: rows.map((row) => columns.map((column) => (column in row ? cell(row[column]) : ''))),
  };
}

export function cell(value: unknown): string {
  if (value === null || value === undefined) return 'MISSING';
  if (isNotMeasurable(value)) return `not measurable, ${value.not_measurable}`;
  if (typeof value === 'number') return number(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(cell).join('; ');
  if (isFigure(value)) return `${number(value.value)} (${number(value.low)} to ${number(value.high)})`;
  const entries = Object.entries(value);
  return entries.length === 0 ? 'none' : entries.map(([name, inner]) => `${name}: ${cell(inner)}`).join('; ');
}

function isFigure(value: object): value is { value: number; low: number; high: number } {
  return 'value' in value && 'low' in value && 'high' in value && Object.values(value).every(Number.isFinite);
}

/** Four significant digits for fractions; integers unchanged. */
function number(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

const ABBREVIATIONS: Readonly<Record<string, string>> = {
  auc: 'AUC',
  ks: 'KS',
  n: 'N',
  sha256: 'SHA-256',
  onnx: 'ONNX',
};

function label(name: string): string {
  const known = ABBREVIATIONS[name];
  if (known !== undefined) return known;
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
