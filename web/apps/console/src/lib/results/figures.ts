/** The figures of a report: what exactly counts, and what they are divided by. */
import type { ReportCounts } from "@usher/api";

export type FigureKey = keyof ReportCounts;

export interface Figure {
  key: FigureKey;
  label: string;
  /** Exactly what counts. */
  means: string;
  rate?: { of: FigureKey; label: string; means: string };
}

export const FIGURES: readonly Figure[] = [
  {
    key: "triggered",
    label: "Triggered",
    means:
      "Conversations shown to a visitor: one each, however often the page is reloaded and in however many tabs. Counted when the bubble or the poke is on the screen, for a flow when it starts. Guests without stored identity are counted too.",
  },
  {
    key: "engaged",
    label: "Engaged",
    means:
      "Conversations in which the visitor gave a first answer, counted when it was given. Opening the panel alone does not count.",
    rate: {
      of: "triggered",
      label: "Engagement rate",
      means: "Engaged ÷ triggered, each counted in this period.",
    },
  },
  {
    key: "completed",
    label: "Completed",
    means: "Conversations in which the visitor reached the end of a branch, counted when it was reached.",
    rate: {
      of: "engaged",
      label: "Completion rate",
      means: "Completed ÷ engaged, each counted in this period.",
    },
  },
  {
    key: "acquired",
    label: "People acquired",
    means: "Conversations in which the visitor gave an e-mail address, counted when it was given; one each.",
    rate: {
      of: "engaged",
      label: "Conversion rate",
      means: "People acquired ÷ engaged, each counted in this period.",
    },
  },
  {
    key: "goals",
    label: "Goals reached",
    means: "Goal cards passed, every time, also several in one conversation.",
  },
  {
    key: "documents",
    label: "Documents opened",
    means: "Documents opened in the chat, every time, also several in one conversation.",
  },
];

export function figureOf(key: FigureKey): Figure {
  const found = FIGURES.find((one) => one.key === key);
  if (!found) throw new Error(`${key} is no figure`);
  return found;
}

/** A share in percent as text; a dash when there is nothing to divide by. */
export function rateText(part: number, whole: number): string {
  if (whole === 0) return "–";
  const value = (part / whole) * 100;
  return `${value >= 10 || value === 0 ? Math.round(value) : value.toFixed(1)} %`;
}

/** Between which percentages the rate lies with 95 % confidence, such as `47–60 %` (Wilson); null without anything counted. */
export function confidenceText(part: number, whole: number): string | null {
  if (whole === 0 || part > whole) return null;
  const z = 1.96;
  const rate = part / whole;
  const weight = 1 + (z * z) / whole;
  const middle = (rate + (z * z) / (2 * whole)) / weight;
  const half = (z / weight) * Math.sqrt((rate * (1 - rate)) / whole + (z * z) / (4 * whole * whole));
  const [low, high] = [middle - half, middle + half].map((one) =>
    Math.round(Math.min(1, Math.max(0, one)) * 100),
  );
  return `${low}–${high} %`;
}

/** How a figure moved against the period before: `+12 %`, `−3 %`, `no change`, `none before`; null when there is nothing to compare. */
export function changeText(now: number, before: number): string | null {
  if (before === 0) return now === 0 ? null : "none before";
  const change = Math.round(((now - before) / before) * 100);
  if (change === 0) return "no change";
  return change > 0 ? `+${change} %` : `−${-change} %`;
}
