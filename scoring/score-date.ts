/** Calendar date of an instant in a time zone, `YYYY-MM-DD`: the day that a schedule's tick belongs to. */
export function scoreDateIn(instant: string, zone: string): string {
  // The Swedish locale formats dates as ISO 8601.
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(new Date(instant));
}
