/** A simulation in words. */
import type { Simulation } from "@usher/api";
import { count, counted } from "#lib/ui/format.ts";

const percent = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 });

/** The answer in one sentence. */
export function simulationText(found: Simulation): string {
  if (found.page_views === 0) return "No page view was recorded in this time.";
  const visitors = counted(found.visitors, "visitor", "visitors");
  if (found.shown_visitors === 0) return `None of ${visitors} would have been shown it.`;
  const views = counted(found.shown_page_views, "page view", "page views");
  return `${count(found.shown_visitors)} of ${visitors} (${percent.format(found.share)}) would have been shown it, on ${views}.`;
}

const EVENTS: Record<string, string> = {
  time_on_page: "time on page",
  scroll_depth: "scroll depth",
  exit_intent: "exit intent",
};

/** What one must know to believe the answer. */
export function simulationNotes(found: Simulation): string[] {
  const notes = [
    "Pages, visits, times and what each page view got are as they were recorded; people, companies and lists are as they are today.",
    "Nobody answers in a simulation: a visitor who would have been shown it is shown it again on the next page view.",
  ];
  if (found.is_sample) {
    notes.unshift(
      `A sample: ${counted(found.recorded_page_views, "page view was", "page views were")} recorded, more than are decided at once, so those of a part of the visitors were taken.`,
    );
  }
  const events = found.events_taken_as_come.map((one) => EVENTS[one] ?? one);
  if (events.length > 0) {
    notes.push(`Not recorded, and so taken as having come: ${events.join(", ")}.`);
  }
  return notes;
}
