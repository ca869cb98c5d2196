import type { AttributeType, Value } from "@usher/api";

export function isFilled(value: Value | undefined): boolean {
  return value !== null && value !== undefined && value !== "";
}

/** Typed text as a value of the type; empty means unknown. */
export function parseValue(text: string, type: AttributeType): Value {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (type === "number" || type === "score" || type === "currency") {
    const number = Number(trimmed);
    return Number.isFinite(number) ? number : trimmed;
  }
  if (type === "boolean") return trimmed === "true";
  return trimmed;
}
