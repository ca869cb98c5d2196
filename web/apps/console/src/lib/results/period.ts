/** The period of a report in days of the browser's zone. */
import type { ResultsSearch } from "./search.ts";

export interface Period {
  /** Instants, the second not included. */
  from: string;
  to: string;
  /** Days, both included. */
  first: string;
  last: string;
}

/** The longest period that the server reports. */
const MOST_DAYS = 800;

/** The period that the address asks for: days of one's own, or the last ones up to today. */
export function periodOf(search: Pick<ResultsSearch, "days" | "from" | "to">, now: Date): Period {
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const last = search.to ? parse(search.to) : today;
  const count = Number(search.days ?? "28");
  const first = search.from ? parse(search.from) : shifted(last, 1 - count);
  const earliest = shifted(last, 1 - MOST_DAYS);
  const start = first > last ? last : first < earliest ? earliest : first;
  return {
    from: start.toISOString(),
    to: shifted(last, 1).toISOString(),
    first: dayOf(start),
    last: dayOf(last),
  };
}

function parse(day: string): Date {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date);
}

/** By days of the calendar, so that no change of the clock can skip one. */
function shifted(day: Date, by: number): Date {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + by);
}

function dayOf(at: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

const short = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", timeZone: "UTC" });
const long = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });

export function dayLabel(day: string): string {
  return short.format(new Date(`${day}T00:00:00Z`));
}

export function longDayLabel(day: string): string {
  return long.format(new Date(`${day}T00:00:00Z`));
}
