/** Periods of a report, and days without anything, which the server may leave out. */
import type { DialogueCounts, ReportDay } from "@usher/api";

export type DayFigure = "triggered" | "engaged" | "completed" | "acquired";

export interface Figure {
  key: DayFigure;
  label: string;
  /** Exactly what counts. */
  means: string;
  /** What it is divided by, for its rate. */
  of?: keyof DialogueCounts;
  rate?: string;
}

export const FIGURES: readonly Figure[] = [
  {
    key: "triggered",
    label: "Triggered",
    means:
      "Conversations shown to a visitor: one each, however often the page is reloaded. Counted when the bubble or the poke is on the screen.",
  },
  {
    key: "engaged",
    label: "Engaged",
    means: "Conversations in which the visitor gave a first answer. Opening the panel alone does not count.",
    of: "triggered",
    rate: "Engagement rate: engaged ÷ triggered",
  },
  {
    key: "completed",
    label: "Completed",
    means: "Conversations in which the visitor reached the end of a branch.",
    of: "engaged",
    rate: "Completed ÷ engaged",
  },
  {
    key: "acquired",
    label: "People acquired",
    means: "Conversations in which an anonymous visitor became known by an e-mail address.",
    of: "engaged",
    rate: "Conversion rate: acquired ÷ engaged",
  },
];

/** The last `days` days up to the one of `now`, as instants and as days of the browser's zone. */
export function period(days: number, now: Date): { from: string; to: string; first: string; last: string } {
  const start = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days + 1);
  const end = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  return { from: start.toISOString(), to: end.toISOString(), first: dayOf(start), last: dayOf(now) };
}

function dayOf(at: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

const NOTHING = { triggered: 0, engaged: 0, completed: 0, acquired: 0, goals: 0, documents: 0 };

/** One entry for each day from `first` to `last`, zeros included. */
export function everyDay(days: readonly ReportDay[], first: string, last: string): ReportDay[] {
  const known = new Map(days.map((one) => [one.day, one]));
  const all: ReportDay[] = [];
  // Days are civil: counted in UTC, no change of the clock can skip one.
  for (let at = Date.parse(`${first}T00:00:00Z`); at <= Date.parse(`${last}T00:00:00Z`); at += 86_400_000) {
    const day = new Date(at).toISOString().slice(0, 10);
    all.push(known.get(day) ?? { day, ...NOTHING });
  }
  return all;
}

const short = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", timeZone: "UTC" });
export function dayLabel(day: string): string {
  return short.format(new Date(`${day}T00:00:00Z`));
}
