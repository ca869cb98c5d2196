import { expect, it } from "vitest";
import type { Field, FieldType, InfoWaiting } from "../protocol.ts";
import { echoOf, faults, given } from "./values.ts";

const field = (type: FieldType): Field => ({ id: type, type, label: type });
const card = (skippable: boolean): InfoWaiting => ({
  kind: "info",
  card_id: "i",
  skippable,
  fields: [field("text"), field("email"), field("consent")],
});

it("names what is missing and what is no address before anything is sent", () => {
  expect(faults(card(false), { email: "ada", consent: false }, 4000)).toEqual({
    text: "required",
    email: "email_syntax",
  });
});

it("lets the server decide about everything else", () => {
  expect(faults(card(false), { text: "x", email: "ada@müller.example" }, 4000)).toEqual({});
  expect(faults(card(true), {}, 4000)).toEqual({});
});

it("refuses a text over the limit, counted in characters", () => {
  const values = { text: "😀".repeat(4000), email: "a@b.c" };
  expect(faults(card(false), values, 4000)).toEqual({});
  expect(faults(card(false), { ...values, text: `${values.text}!` }, 4000)).toEqual({ text: "too_long" });
});

it("sends trimmed values, no empty ones, and what a box says either way", () => {
  const form = new FormData();
  form.set("text", "  Ada ");
  form.set("email", " ");
  const { fields } = card(true);
  expect(given(fields, form)).toEqual({ text: "Ada", consent: false });
  form.set("consent", "on");
  expect(given(fields, form)).toEqual({ text: "Ada", consent: true });
});

it("echoes the values under their labels", () => {
  expect(echoOf(card(true).fields, { text: "Ada", consent: true }, "Yes", "No").values).toEqual([
    { label: "text", value: "Ada" },
    { label: "consent", value: "Yes" },
  ]);
});
