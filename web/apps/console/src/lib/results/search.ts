/** What the address says about a report. Routes of dialogues and flows take these members into their own search. */
import { FIGURES, type FigureKey } from "./figures.ts";

export const CUTS = ["page", "device", "country", "known", "version", "goals", "documents"] as const;
export type CutKey = (typeof CUTS)[number];

export const SHOWN = ["shown", "not_shown", "all"] as const;

export interface ResultsSearch {
  /** The last so many days; 28 when absent. */
  days?: "7" | "90";
  /** Days of one's own, `2026-11-20`, both included. */
  from?: string;
  to?: string;
  view?: "table";
  /** The figure of the chart; triggered when absent. */
  figure?: Exclude<FigureKey, "triggered">;
  /** What the figures are cut by; pages when absent. */
  cut?: Exclude<CutKey, "page">;
  /** Page views with their verdicts instead of figures. */
  part?: "page-views";
  /** Which page views; those of its target pages when absent. */
  show?: (typeof SHOWN)[number];
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function one<T extends string>(value: unknown, of: readonly T[]): T | undefined {
  return of.find((member) => member === String(value));
}

/** The members that are well-formed; others are left out. */
export function resultsSearch(search: Record<string, unknown>): ResultsSearch {
  const day = (value: unknown) => (typeof value === "string" && DAY.test(value) ? value : undefined);
  const figures = FIGURES.map((figure) => figure.key).filter((key) => key !== "triggered");
  const cuts = CUTS.filter((cut) => cut !== "page");
  return {
    days: one(search.days, ["7", "90"]),
    from: day(search.from),
    to: day(search.to),
    view: one(search.view, ["table"]),
    figure: one(search.figure, figures),
    cut: one(search.cut, cuts),
    part: one(search.part, ["page-views"]),
    show: one(search.show, SHOWN),
  };
}
