/** Events for which a dialogue waits, as the editor offers them. */
import type { EventCondition } from "@usher/api";

export type EventKind = EventCondition["kind"];

export const EVENT_LABELS: Record<EventKind, string> = {
  time_on_page: "Time on the target pages",
  time_on_site: "Time on the site",
  scroll_depth: "Scrolled down",
  page_views: "Pages seen in the visit",
  exit_intent: "About to leave the page",
};

interface Amount {
  /** Unit behind the number. */
  unit: string;
  least: number;
  most: number;
}

export const AMOUNTS: Record<EventKind, Amount | null> = {
  time_on_page: { unit: "seconds", least: 1, most: 86_400 },
  time_on_site: { unit: "seconds", least: 1, most: 86_400 },
  scroll_depth: { unit: "percent", least: 1, most: 100 },
  page_views: { unit: "pages", least: 2, most: 1_000 },
  exit_intent: null,
};

export function amountOf(event: EventCondition): number | null {
  switch (event.kind) {
    case "time_on_page":
    case "time_on_site":
      return event.seconds;
    case "scroll_depth":
      return event.percent;
    case "page_views":
      return event.count;
    case "exit_intent":
      return null;
  }
}

const USUAL: Record<EventKind, number> = {
  time_on_page: 30,
  time_on_site: 60,
  scroll_depth: 50,
  page_views: 3,
  exit_intent: 0,
};

/** The event of a kind with an amount, kept within what makes sense. */
export function eventOf(kind: EventKind, amount: number = USUAL[kind]): EventCondition {
  const range = AMOUNTS[kind];
  const value = range === null ? 0 : Math.round(Math.max(range.least, Math.min(range.most, amount)));
  switch (kind) {
    case "time_on_page":
    case "time_on_site":
      return { kind, seconds: value };
    case "scroll_depth":
      return { kind, percent: value };
    case "page_views":
      return { kind, count: value };
    case "exit_intent":
      return { kind };
  }
}
