import { expect, test } from "vitest";
import { mayRetry, meansOf, statusesOf } from "./words.ts";

test("a webhook is never held, and is taken by an address instead of a mail server", () => {
  expect(statusesOf("mail")).toContain("held");
  expect(statusesOf("webhook")).not.toContain("held");
  expect(meansOf({ kind: "mail", status: "sent" })).toContain("mail server");
  expect(meansOf({ kind: "webhook", status: "sent" })).toBe("The address took it");
  expect(statusesOf("alert")).not.toContain("held");
  expect(meansOf({ kind: "alert", status: "sent" })).toContain("not needed any more");
});

test("what is sent or on its way is not tried again by hand", () => {
  expect((["waiting", "sent"] as const).map(mayRetry)).toEqual([false, false]);
  expect((["failed", "dead", "held"] as const).map(mayRetry)).toEqual([true, true, true]);
});
