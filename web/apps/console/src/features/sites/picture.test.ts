import { describe, expect, it } from "vitest";
import { ownPath, pictureProblem } from "./picture.ts";

const facts = { type: "image/png", bytes: 1000, size: { width: 128, height: 128 } };

describe("a picture of the bot", () => {
  it("is fine when small and square", () => {
    expect(pictureProblem(facts)).toBeNull();
    expect(pictureProblem({ ...facts, type: "image/svg+xml", size: null })).toBeNull();
  });

  it("is refused with the reason and the limit", () => {
    expect(pictureProblem({ ...facts, type: "application/pdf" })).toContain("PNG");
    expect(pictureProblem({ ...facts, bytes: 300 * 1024 })).toContain("300 kB");
    expect(pictureProblem({ ...facts, size: { width: 100, height: 90 } })).toContain("square");
    expect(pictureProblem({ ...facts, size: { width: 512, height: 512 } })).toContain("200 × 200");
  });

  it("is read from this server, whatever its public name", () => {
    expect(ownPath("https://chat.example/api/visitor/v1/avatars/fil_1")).toBe(
      "/api/visitor/v1/avatars/fil_1",
    );
    expect(ownPath("/avatars/1")).toBe("/avatars/1");
  });
});
