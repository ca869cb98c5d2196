/** Which operators an attribute type has, what they are called, and what they compare with. */
import type { AttributeType, Operator } from "@usher/api";

/** What stands after the operator. */
export type Operand = "none" | "texts" | "number" | "numbers" | "date" | "dates" | "span";

const TEXT: Operator[] = [
  "is",
  "is_not",
  "contains",
  "not_contains",
  "starts_with",
  "not_starts_with",
  "is_empty",
  "is_not_empty",
];
const ADDRESS: Operator[] = [...TEXT.slice(0, 6), "domain_is", "is_empty", "is_not_empty"];
const NUMBER: Operator[] = [
  "is",
  "is_not",
  "greater_than",
  "less_than",
  "at_least",
  "at_most",
  "between",
  "is_empty",
  "is_not_empty",
];
const DATE: Operator[] = [
  "is",
  "before",
  "after",
  "on_or_after",
  "between",
  "in_past",
  "not_in_past",
  "in_future",
  "today",
  "yesterday",
  "this_week",
  "last_week",
  "this_month",
  "last_month",
  "this_quarter",
  "last_quarter",
  "is_empty",
  "is_not_empty",
];

export const OPERATORS: Record<AttributeType, Operator[]> = {
  text: TEXT,
  email: ADDRESS,
  url: ADDRESS,
  number: NUMBER,
  score: NUMBER,
  currency: NUMBER,
  date: DATE,
  datetime: DATE,
  boolean: ["is_true", "is_false", "is_empty"],
};

const WORDS: Partial<Record<Operator, string>> = {
  not_contains: "does not contain",
  not_starts_with: "does not start with",
  is_not: "is not",
  is_not_empty: "is known",
  is_empty: "is unknown",
  domain_is: "has the domain",
  greater_than: "is greater than",
  less_than: "is less than",
  at_least: "is at least",
  at_most: "is at most",
  between: "is between",
  before: "is before",
  after: "is after",
  on_or_after: "is on or after",
  in_past: "was in the last",
  not_in_past: "was not in the last",
  in_future: "is in the next",
  is_true: "is yes",
  is_false: "is no",
};

export function operatorWords(op: Operator): string {
  return WORDS[op] ?? (op.startsWith("this_") || op.startsWith("last_") ? `is ${plain(op)}` : plain(op));
}

function plain(op: Operator): string {
  return op === "today" || op === "yesterday" ? `is ${op}` : op.replaceAll("_", " ");
}

const NO_OPERAND = new Set<Operator>([
  "is_empty",
  "is_not_empty",
  "is_true",
  "is_false",
  "today",
  "yesterday",
  "this_week",
  "last_week",
  "this_month",
  "last_month",
  "this_quarter",
  "last_quarter",
]);
const SPANS = new Set<Operator>(["in_past", "not_in_past", "in_future"]);

export function operandOf(type: AttributeType, op: Operator): Operand {
  if (NO_OPERAND.has(op)) return "none";
  if (SPANS.has(op)) return "span";
  if (type === "date" || type === "datetime") return op === "between" ? "dates" : "date";
  if (type === "number" || type === "score" || type === "currency")
    return op === "between" ? "numbers" : "number";
  return "texts";
}
