import type { SourceDraft } from '#configs/source-draft.ts';

type Declared = SourceDraft['columns'][number];

/** Names that say when a row was written, the surest first. */
const LOADED = [
  /^(loaded|load|ingested|ingestion|imported|delivered|arrived|received|known)(_?(at|on|time|date|ts|from|since))?$/i,
  /(^|_)(load|loaded|ingest|ingested|ingestion|etl|import|delivery|arrival|known|extracted|exported|inserted)(_|$)/i,
  /^(updated|modified|recorded|reported|created|inserted|written)(_?(at|on|time|date|ts))?$/i,
];
const BORN = /birth|born|(^|_)dob(_|$)/i;
const HAPPENED =
  /(^|_)(event|happened|occurred|observed|transaction|effective|valid|as_of|date|day|month|time|at|on|ts|timestamp|dt)(_|$)/i;

export interface Times {
  readonly known: SourceDraft['known_time'];
  readonly event: SourceDraft['event_time'];
}

/** Which columns say when rows became known and when facts happened, by their types and names. Undefined without any time. */
export function chooseTimes(columns: readonly Declared[]): Times | undefined {
  const times = columns.filter(({ type }) => type === 'date' || type === 'timestamp').map(({ name }) => name);
  const loaded = LOADED.map((pattern) => times.filter((name) => pattern.test(name))).find(
    (names) => names.length > 0,
  );
  const known = loaded?.[0];
  const others = times.filter((name) => name !== known && !BORN.test(name));
  const event = chooseEvent(others);
  if (known !== undefined) {
    const more = loaded?.slice(1) ?? [];
    const also = more.length === 0 ? '' : ` So do ${more.join(', ')}: check which one it is.`;
    return {
      known: { column: known, why: `By its name, it says when a row was loaded.${also}`, is_load_time: true },
      event,
    };
  }
  const [stand] = event.column === null ? others : [event.column];
  if (stand === undefined) return undefined;
  const why = `No column looks like a load time. Rows count as known when ${stand} says: add a column with the time of the load, or declare in availability how much later rows arrive.`;
  return { known: { column: stand, why, is_load_time: false }, event };
}

function chooseEvent(others: readonly string[]): SourceDraft['event_time'] {
  if (others.length === 0)
    return { column: null, why: 'No further column holds dates or timestamps, as for facts without a date.' };
  const [only] = others;
  if (only !== undefined && others.length === 1)
    return { column: only, why: 'It is the only further column of dates or timestamps.' };
  const [named, ...more] = others.filter((name) => HAPPENED.test(name));
  if (named !== undefined && more.length === 0)
    return { column: named, why: `Of ${others.join(', ')}, its name alone says when something happened.` };
  return {
    column: null,
    why: `Several columns may be meant: ${others.join(', ')}. Name the one that says when the fact happened.`,
  };
}
