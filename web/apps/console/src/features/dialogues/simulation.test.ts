import type { Simulation } from "@usher/api";
import { describe, expect, it } from "vitest";
import { simulationNotes, simulationText } from "./simulation.ts";

const found = (change: Partial<Simulation>): Simulation => ({
  from: "2026-10-21T00:00:00Z",
  to: "2026-11-20T00:00:00Z",
  recorded_page_views: 10,
  page_views: 10,
  is_sample: false,
  visitors: 4,
  shown_page_views: 5,
  shown_visitors: 1,
  share: 0.25,
  displaced: [],
  hindrances: [],
  events_taken_as_come: [],
  ...change,
});

describe("simulation", () => {
  it("answers in one sentence", () => {
    expect(simulationText(found({}))).toBe(
      "1 of 4 visitors (25%) would have been shown it, on 5 page views.",
    );
    expect(simulationText(found({ shown_visitors: 0, visitors: 1 }))).toBe(
      "None of 1 visitor would have been shown it.",
    );
    expect(simulationText(found({ page_views: 0 }))).toBe("No page view was recorded in this time.");
  });

  it("says when it is a sample and what was taken for granted", () => {
    const notes = simulationNotes(
      found({ is_sample: true, recorded_page_views: 250_000, events_taken_as_come: ["exit_intent"] }),
    );
    expect(notes[0]).toContain("250,000 page views were recorded");
    expect(notes.at(-1)).toBe("Not recorded, and so taken as having come: exit intent.");
    expect(simulationNotes(found({}))).toHaveLength(2);
  });
});
