/** Days of an address as instants of the API, cut in the zone of the browser. */

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The first moment of the day; undefined for what is no day. */
export function dayStart(day: string | undefined): string | undefined {
  return momentOf(day, 0);
}

/** The first moment after the day. */
export function dayEnd(day: string | undefined): string | undefined {
  return momentOf(day, 1);
}

function momentOf(day: string | undefined, later: number): string | undefined {
  if (day === undefined || !DAY.test(day)) return undefined;
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const at = new Date(year, month - 1, date + later);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** The first of the last `days` days, today being one of them; undefined when there is no limit. */
export function firstDay(days: string | undefined, now = new Date()): string | undefined {
  if (days === undefined) return undefined;
  const first = new Date(now.getFullYear(), now.getMonth(), now.getDate() - Number(days) + 1);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${first.getFullYear()}-${two(first.getMonth() + 1)}-${two(first.getDate())}`;
}

/** The first moment of the last `days` days; undefined when there is no limit. */
export function daysAgo(days: string | undefined): string | undefined {
  return dayStart(firstDay(days));
}
