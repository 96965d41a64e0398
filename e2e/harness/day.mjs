const DAY_MS = 24 * 60 * 60 * 1000;

/** The date in Jakarta, some days from now, as a date field takes it. */
export function day(after) {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Jakarta' }).format(Date.now() + after * DAY_MS);
}
