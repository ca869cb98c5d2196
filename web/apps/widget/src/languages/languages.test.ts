import { describe, expect, it } from "vitest";
import { en, type Texts } from "./en.ts";
import { fileWords } from "./files.ts";
import { fill } from "./fill.ts";
import { languages, textsOf } from "./index.ts";
import { liveWords } from "./live.ts";

const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

describe("the widget's own words", () => {
  it("exist in the twelve languages", () => {
    expect([...languages].sort()).toEqual(
      ["de", "en", "es", "fr", "it", "ja", "ko", "nl", "pt-BR", "sv", "zh-Hans", "zh-Hant"].sort(),
    );
  });

  it.each(languages)("%s says everything, with the same placeholders", async (code) => {
    const texts = await textsOf(code);
    expect(Object.keys(texts).sort()).toEqual(Object.keys(en).sort());
    for (const key of Object.keys(en) as (keyof Texts)[]) {
      expect(texts[key].trim(), key).not.toBe("");
      expect(placeholders(texts[key]), key).toEqual(placeholders(en[key]));
    }
    if (code !== "en") expect(texts.offline).not.toBe(en.offline);
  });

  it("fall back to English for a language that is not there", async () => {
    expect(await textsOf("tlh")).toBe(en);
  });

  it("fill placeholders and leave what looks like one in a value alone", () => {
    expect(fill("{name} of {max}", { name: "{max}", max: 3 })).toBe("{max} of 3");
  });
});

describe("the words around a chat with an agent", () => {
  it.each(languages)("%s says everything, with the same placeholders", (code) => {
    const english = liveWords("en");
    const words = liveWords(code);
    for (const key of Object.keys(english) as (keyof typeof english)[]) {
      expect(words[key].trim(), key).not.toBe("");
      expect(placeholders(words[key]), key).toEqual(placeholders(english[key]));
    }
    if (code !== "en") expect(words.waiting).not.toBe(english.waiting);
  });
});

describe("the words around files in a chat", () => {
  it.each(languages)("%s says everything, with the same placeholders", (code) => {
    const english = fileWords("en");
    const words = fileWords(code);
    for (const key of Object.keys(english) as (keyof typeof english)[]) {
      expect(words[key].trim(), key).not.toBe("");
      expect(placeholders(words[key]), key).toEqual(placeholders(english[key]));
    }
    if (code !== "en") expect(words.unsent).not.toBe(english.unsent);
  });
});
