import type { ConfigurationReport } from "@usher/api";
import { describe, expect, it } from "vitest";
import { changesAnything, summaryOf, take } from "./files.ts";

const report = (...actions: ConfigurationReport["changes"][number]["action"][]): ConfigurationReport => ({
  ok: true,
  applied: false,
  changes: actions.map((action) => ({
    action,
    kind: "dialogue",
    name: "Hello",
    site: null,
    file: null,
    published: false,
    difference: [],
  })),
  errors: [],
  warnings: [],
  tests: [],
});

describe("texts to import", () => {
  it("are read by name, two of one name both", async () => {
    const file = (name: string, text: string) => new File([text], name);
    const taken = await take([file("a.toml", "1"), file("a.toml", "2"), file("picture.png", "x")]);
    expect(taken).toEqual({ files: { "a.toml": "1", "a (2).toml": "2" }, refused: ["picture.png"] });
  });

  it("are summed up in words", () => {
    expect(summaryOf(report("created", "changed", "created", "unchanged"))).toBe(
      "2 created, 1 changed, 1 unchanged",
    );
    expect(summaryOf(report())).toBe("Nothing");
    expect(changesAnything(report("unchanged"))).toBe(false);
    expect(changesAnything(report("unchanged", "deleted"))).toBe(true);
  });
});
