import type { LibraryResponse } from "@usher/api";
import { fromMarks } from "@usher/stream";
import { expect, test } from "vitest";
import { bodyOf, linkOf, valuesOf } from "./values.ts";

test("what is read into the form is what comes out of it", () => {
  const response: LibraryResponse = {
    id: "rsp_1",
    question: "How much?",
    variants: ["What does it cost?", "Prices?"],
    answer: fromMarks("It is **free**.\n- really"),
    topics: ["Prices"],
    links: [{ title: "A | B", url: "https://example.com/prices" }],
    state: "approved",
    created_at: "2026-11-20T10:00:00Z",
    updated_at: "2026-11-20T10:00:00Z",
    version: 1,
  };
  const { question, variants, answer, topics, links, state } = response;
  expect(bodyOf(valuesOf(response))).toEqual({ question, variants, answer, topics, links, state });
});

test("a link without a title is called like its address", () => {
  expect(linkOf("https://example.com")).toEqual({ title: "https://example.com", url: "https://example.com" });
  expect(linkOf("Prices | https://example.com")).toEqual({ title: "Prices", url: "https://example.com" });
});
