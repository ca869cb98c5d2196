import type { MeetingRules } from "@usher/api";

/** Minutes as typed; what is no number is left out, and what is there already, too. */
export function lengthsOf(typed: string[]): number[] {
  const lengths = typed
    .map((text) => Number(text.trim()))
    .filter((length) => Number.isInteger(length) && length > 0);
  return [...new Set(lengths)];
}

/** The notice in hours. */
export const notice = (rules: MeetingRules): number => Math.round((rules.notice / 60) * 100) / 100;

/** Hours as the minutes that are stored. */
export const noticeOf = (hours: number): number => Math.round(hours * 60);
