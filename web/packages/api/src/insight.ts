import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];

/** Why page views got what they got, what a draft would have got, and what became of conversations. */

export type VerdictKind = Schemas["VerdictKind"];
/** The verdict on one dialogue, with its reason. */
export type Explained = Schemas["Explained"];
export type PageViewOutcome = Schemas["OutcomeView"];
export type PageViewSummary = Schemas["PageViewSummary"];
export type PageViewExplanation = Schemas["PageViewExplanation"];
/** A page view with the verdict on one dialogue. */
export type DialoguePageView = Schemas["DialoguePageView"];

export type Simulation = Schemas["Simulation"];
export type CanvasNumbers = Schemas["CanvasNumbers"];

export type ReportCounts = Schemas["ReportCounts"];
export type ReportDay = Schemas["ReportDay"];
export type Report = Schemas["Report"];
/** The figures of a period, cut. */
export type ReportParts = Schemas["ReportParts"];
/** A goal or document by its name. */
export type NamedNumber = Schemas["NamedNumber"];
