import type { Site } from "@usher/api";
import { describe, expect, it } from "vitest";
import { asDomain, isDomain, patchOf, valuesOf } from "./values.ts";

const site: Site = {
  id: "sit_1",
  name: "Shop",
  key: "k",
  enabled: true,
  chat_enabled: true,
  version: 3,
  created_at: "2026-11-20T00:00:00.000Z",
  style: {
    colors: {
      header: "#1f3a5f",
      header_text: "#ffffff",
      background: "#ffffff",
      bot_bubble: "#eef2f7",
      bot_text: "#16202c",
      visitor_bubble: "#1f5fbf",
      visitor_text: "#ffffff",
      button: "#1f5fbf",
      button_text: "#ffffff",
    },
    font: null,
    theme: "auto",
    position: "right",
    padding: { x: 24, y: 24 },
    bot_name: "Shop",
    avatar_url: "/a.png",
    response_delay_ms: 600,
    sound: "none",
    poke: true,
    poke_on_mobile: false,
    language: "auto",
  },
  privacy: { consent_mode: "interaction", privacy_url: null, keep_ip: false },
  security: { validate_origin: false, allowed_domains: [], blocked_email_domains: [] },
  poke_pause_minutes: 0,
};

describe("what is sent of a site", () => {
  it("is nothing when nothing differs, and the whole section when one member does", () => {
    const values = valuesOf(site);
    expect(patchOf(site, values)).toEqual({});
    values.privacy.keep_ip = true;
    expect(patchOf(site, values)).toEqual({ privacy: { ...site.privacy, keep_ip: true } });
  });

  it("never touches the picture, which is saved by itself", () => {
    const values = valuesOf({ ...site, style: { ...site.style, avatar_url: null } });
    values.style.bot_name = "Ada";
    expect(patchOf(site, values).style?.avatar_url).toBe("/a.png");
  });

  it("clears an empty privacy link", () => {
    const before = { ...site, privacy: { ...site.privacy, privacy_url: "https://a.example" } };
    expect(
      patchOf(before, { ...valuesOf(before), privacy: { ...before.privacy, privacy_url: " " } }),
    ).toEqual({
      privacy: { ...before.privacy, privacy_url: null },
    });
  });
});

describe("domains", () => {
  it("are taken out of what people paste", () => {
    expect(asDomain("https://Shop.Example/pricing")).toBe("shop.example");
    expect(asDomain(" ada@Rival.com ")).toBe("rival.com");
  });
  it("are told apart from other text", () => {
    for (const right of ["example.com", "*.example.com", "localhost:8080", "bücher.example"]) {
      expect(isDomain(right)).toBe(true);
    }
    for (const wrong of ["", "example .com", "https://example.com", "-a.com", "a..b"]) {
      expect(isDomain(wrong)).toBe(false);
    }
  });
});
