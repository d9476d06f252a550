/** Calendar date of an instant in a zone, `YYYY-MM-DD`: the day a schedule's tick belongs to. */
export function scoreDateIn(instant: string, zone: string): string {
  // The Swedish locale writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(new Date(instant));
}
