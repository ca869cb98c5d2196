import type { AttributeType } from "@usher/api";

export const TYPE_WORDS: Record<AttributeType, string> = {
  text: "Text",
  number: "Number",
  score: "Score",
  currency: "Currency",
  date: "Date",
  datetime: "Date and time",
  boolean: "Yes or no",
  email: "E-mail",
  url: "Web address",
};

/** A name for scripts made from a label: `Contract value (€)` becomes `contract_value`. */
export function nameFrom(label: string): string {
  return label
    .normalize("NFKD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[_0-9]+|_+$/g, "")
    .slice(0, 40);
}
