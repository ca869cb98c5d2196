import type { AttributeDef } from "@usher/api";
import { describe, expect, it } from "vitest";
import { tokenInner, tokenName } from "./tokens.ts";

const attributes = [
  { of: "person", name: "first_name", label: "First name" },
  { of: "company", name: "name", label: "Name" },
] as AttributeDef[];

describe("tokens", () => {
  it("are written with a default that cannot end them", () => {
    expect(tokenInner("person.first_name", 'the"re}}')).toBe('person.first_name:"there"');
    expect(tokenInner("company.name", " ")).toBe("company.name");
  });

  it("are shown by the name of the attribute", () => {
    expect(tokenName('person.first_name:"there"', attributes)).toBe("First name, or “there”");
    expect(tokenName("lead.first_name", attributes)).toBe("First name");
    expect(tokenName("company.name", attributes)).toBe("Company name");
    expect(tokenName("answer.Interest", attributes)).toBe("Answer of Interest");
    expect(tokenName("person.unknown", attributes)).toBe("person.unknown");
  });
});
