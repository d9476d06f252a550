const DAY_MICROS = 86_400_000_000n;

/** A day since 1970 as Spark casts it to text, in the proleptic Gregorian calendar. */
export function dateText(days: number): string {
  // JavaScript's Date holds fewer years than DuckDB; the calendar repeats every 400 years.
  const eras = Math.floor(days / 146_097);
  const date = new Date((days - eras * 146_097) * 86_400_000);
  const year = date.getUTCFullYear() + eras * 400;
  const pad = (value: number): string => String(value).padStart(2, '0');
  const yearText = `${year < 0 ? '-' : year > 9999 ? '+' : ''}${String(Math.abs(year)).padStart(4, '0')}`;
  return `${yearText}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
}

/** Microseconds since 1970 as Spark casts them to text in UTC: no zeros at the end of the fraction. */
export function timestampText(micros: bigint): string {
  const rest = ((micros % DAY_MICROS) + DAY_MICROS) % DAY_MICROS;
  const days = Number((micros - rest) / DAY_MICROS);
  const seconds = Number(rest / 1_000_000n);
  const pad = (value: number): string => String(value).padStart(2, '0');
  const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(pad).join(':');
  const fraction = String(rest % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${dateText(days)} ${time}${fraction === '' ? '' : `.${fraction}`}`;
}
