import { en, type Texts } from "./en.ts";

/** One lazy chunk a language; English is part of the view. */
const chunks: Record<string, () => Promise<{ default: Texts }>> = {
  fr: () => import("./fr.ts"),
  de: () => import("./de.ts"),
  es: () => import("./es.ts"),
  it: () => import("./it.ts"),
  nl: () => import("./nl.ts"),
  sv: () => import("./sv.ts"),
  "pt-BR": () => import("./pt-BR.ts"),
  ja: () => import("./ja.ts"),
  ko: () => import("./ko.ts"),
  "zh-Hans": () => import("./zh-Hans.ts"),
  "zh-Hant": () => import("./zh-Hant.ts"),
};

/** Codes of all languages that the widget speaks. */
export const languages = ["en", ...Object.keys(chunks)];

/** The texts of a language; English when it is unknown or cannot be fetched. */
export const textsOf = async (language: string): Promise<Texts> => {
  try {
    return (await chunks[language]?.())?.default ?? en;
  } catch {
    return en;
  }
};
