import type { components } from "./schema.d.ts";
import type { Criteria, RichText } from "./types.ts";

type Schemas = components["schemas"];

/** Shapes of agents, teams, rules, accounts and fallbacks. */

/** A text that agents keep at hand, `/api/v1/canned-responses`. */
export type CannedResponse = Schemas["CannedResponse"];

/** From a time to a time (`09:00`); one that ends at or before its beginning ends on the next day. */
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

/** What an agent sets for meetings beside the hours; times in minutes. */
export interface MeetingRules {
  /** How long a meeting may be; the first is taken where nobody chooses. */
  lengths: number[];
  /** From one start to the next; the length when not given. */
  step?: number;
  buffer_before: number;
  buffer_after: number;
  notice: number;
  horizon_days: number;
  most_per_day?: number;
}

/** When meetings could start, day by day. */
export type FreeTimes = Schemas["FreeTimes"];

export type Agent = Omit<Schemas["AgentView"], "live_chat" | "meetings" | "meeting_rules"> & {
  live_chat: Schedule | null;
  meetings: Schedule | null;
  meeting_rules: MeetingRules;
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
