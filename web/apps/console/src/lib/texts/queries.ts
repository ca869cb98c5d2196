import type { ConfigurationReport, TextFile } from "@usher/api";
import { api } from "#lib/api/client.ts";

/** Dialogues and flows have the same addresses but for this word. */
export type Described = "dialogues" | "flows";

/** Texts by path, as the server takes them. */
export type Texts = Record<string, string>;

export const textOf = (kind: Described, id: string, signal: AbortSignal) =>
  api.get<TextFile>(`/${kind}/${id}/text`, { signal });

/** What applying would do and what stands against it; nothing is changed. */
export const checkTexts = (files: Texts) => api.post<ConfigurationReport>("/configuration/check", { files });

export const applyTexts = (files: Texts, publish: boolean) =>
  api.post<ConfigurationReport>("/configuration/apply", { files }, { query: { publish } });
