import type { AttributeType, Value } from "@usher/api";

/** Unknown is a dash, never a blank. */
export const DASH = "–";

const number = new Intl.NumberFormat();
const day = new Intl.DateTimeFormat(undefined, { year: "numeric", month: "short", day: "numeric" });
const shortDay = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const civilDay = new Intl.DateTimeFormat(undefined, {
  year: "numeric",
  month: "short",
  day: "numeric",
  timeZone: "UTC",
});
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? DASH : number.format(value);
}

/** `1 person`, `2 people`: English plurals, the number grouped. */
export function counted(value: number, one: string, many: string): string {
  return `${number.format(value)} ${value === 1 ? one : many}`;
}

export function bytes(value: number): string {
  const units = ["B", "kB", "MB", "GB"];
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${size >= 10 || unit === 0 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

/** Date and time in the zone of the browser. */
export function dateTime(instant: string | null | undefined): string {
  const at = parse(instant);
  return at === null ? DASH : moment.format(at);
}

/** How long ago, in the largest sensible unit; beyond a week, the date. */
export function ago(instant: string | null | undefined, now: number): string {
  const at = parse(instant);
  if (at === null) return DASH;
  const seconds = Math.round((at.getTime() - now) / 1000);
  const size = Math.abs(seconds);
  if (size < 45) return seconds > 20 ? relative.format(seconds, "second") : "just now";
  if (size < 45 * 60) return relative.format(Math.round(seconds / 60), "minute");
  if (size < 22 * 3600) return relative.format(Math.round(seconds / 3600), "hour");
  if (size < 7 * 86_400) return relative.format(Math.round(seconds / 86_400), "day");
  return at.getFullYear() === new Date(now).getFullYear() ? shortDay.format(at) : day.format(at);
}

/** A length of time: `45 s`, `3 min`, `1 h 20 min`. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return DASH;
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** An attribute's value as text; unknown is a dash. */
export function valueText(value: Value | undefined, type: AttributeType | undefined): string {
  if (value === null || value === undefined || value === "") return DASH;
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (typeof value === "number") return number.format(value);
  if (type === "date") {
    const at = parse(`${value}T00:00:00Z`);
    return at === null ? value : civilDay.format(at);
  }
  return type === "datetime" && parse(value) !== null ? dateTime(value) : value;
}

function parse(instant: string | null | undefined): Date | null {
  if (!instant) return null;
  const at = new Date(instant);
  return Number.isNaN(at.getTime()) ? null : at;
}

const wholeDay = new Intl.DateTimeFormat(undefined, {
  weekday: "long",
  month: "long",
  day: "numeric",
  year: "numeric",
});

/** The civil day of an instant in the zone of the browser, for headings. */
export function dayOf(instant: string): string {
  const at = parse(instant);
  return at === null ? DASH : wholeDay.format(at);
}

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

/** The time of day of an instant in the zone of the browser. */
export function timeOfDay(instant: string): string {
  const at = parse(instant);
  return at === null ? DASH : clock.format(at);
}
