import type { components } from "./schema.d.ts";
import type { Criteria, RichText } from "./types.ts";

type Schemas = components["schemas"];

/** Shapes of agents, teams, rules, accounts and fallbacks. */

/** From a time to a time (`09:00`); one that ends at or before its beginning ends on the next day. */
/** A text that agents keep at hand, `/api/v1/canned-responses`. */
export type CannedResponse = Schemas["CannedResponse"];
export interface HourBlock {
  from: string;
  to: string;
}

export const WEEKDAYS = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** The hours of an agent on the clock of a zone. */
export interface Schedule {
  time_zone: string;
  week: Record<Weekday, HourBlock[]>;
  /** Dates (`2026-12-24`). */
  days_off: string[];
  extra_days: { date: string; blocks: HourBlock[] }[];
}

export type Agent = Omit<Schemas["AgentView"], "live_chat" | "meetings"> & {
  live_chat: Schedule | null;
  meetings: Schedule | null;
};

export type Team = Schemas["Team"];

export type RoutingRule = Omit<Schemas["RoutingRule"], "criteria"> & { criteria: Criteria | null };

export type Account = Schemas["Account"];
export type AccountUpload = Schemas["AccountUpload"];

/** Whose turn it is. */
export type Ring = Schemas["Ring"];
export type RingSeat = Schemas["Seat"];

export interface Fallbacks {
  live_chat: RichText | null;
  meeting: RichText | null;
  any_available_agent: boolean;
  include_meeting_booking: boolean;
}
export type SiteFallbacks = Omit<Schemas["SiteFallbacks"], "fallbacks"> & { fallbacks: Fallbacks };

/** Who would get a visitor now. */
export type DryRunAnswer = Schemas["DryRunAnswer"];
