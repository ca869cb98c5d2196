import type { Field, InfoWaiting } from "../protocol.ts";
import type { Echo } from "./outbox.ts";

/** What was typed into a card's fields; a consent box is true or false. */
export type Values = Record<string, string | boolean>;

/** Faults that can be told without the server, by field: the same codes as the server's. */
export const faults = (waiting: InfoWaiting, values: Values, max: number): Record<string, string> => {
  const found: Record<string, string> = {};
  for (const field of waiting.fields) {
    const text = values[field.id] ?? "";
    if (typeof text === "boolean" || field.type === "consent") continue;
    if (!text) {
      if (!waiting.skippable) found[field.id] = "required";
    } else if ([...text].length > max) found[field.id] = "too_long";
    else if (field.type === "email" && !/^[^\s@]+@[^\s@]+$/.test(text)) found[field.id] = "email_syntax";
  }
  return found;
};

/** What stands in a card's form, as it is sent: trimmed, without empty values, boxes always. */
export const given = (fields: Field[], form: FormData): Values => {
  const values: Values = {};
  for (const { id, type } of fields) {
    const text = `${form.get(id) ?? ""}`.trim();
    if (type === "consent") values[id] = form.has(id);
    else if (text) values[id] = text;
  }
  return values;
};

/** How the values look as the visitor's answer. */
export const echoOf = (fields: Field[], values: Values, yes: string, no: string): Echo => ({
  values: fields.flatMap((field) => {
    const value = values[field.id];
    if (value === undefined) return [];
    return [{ label: field.label, value: typeof value === "boolean" ? (value ? yes : no) : value }];
  }),
});
