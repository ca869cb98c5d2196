/** Readers of search parameters: whatever stands in the address, a screen gets a value it understands. */
import type { DialogueState } from "@usher/api";
import type { DesignSearch } from "#lib/design-search.ts";

export const DIALOGUE_STATES = [
  "draft",
  "published",
  "unpublished",
] as const satisfies readonly DialogueState[];

export function text(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function flag(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

export function oneOf<const T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find((one) => one === value);
}

export function texts(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const all = value.filter((one): one is string => typeof one === "string");
  return all.length > 0 ? all : undefined;
}

export function designSearch(search: Record<string, unknown>): DesignSearch {
  return {
    card: text(search.card),
    pane: oneOf(search.pane, ["card", "preview", "tests"]),
    figures: oneOf(text(search.figures), ["7", "28", "90"]),
    version: /^[1-9]\d{0,8}$/.test(String(search.version)) ? String(search.version) : undefined,
  };
}
