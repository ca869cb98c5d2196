import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type {
  CheckResult,
  Dialogue,
  DialogueReport,
  DialogueTemplate,
  DialogueVersion,
  DialogueVersionDetail,
} from "@usher/api";
import { api } from "#lib/api/client.ts";
import { everyPage } from "#lib/api/shared.ts";

export const dialogueQuery = (id: string) =>
  queryOptions({
    queryKey: ["dialogues", "record", id],
    queryFn: () => api.get<Dialogue>(`/dialogues/${id}`),
  });

/** What the server finds in the saved draft; asked again for each version of it. */
export const checkQuery = (id: string, draftVersion: number) =>
  queryOptions({
    queryKey: ["dialogues", "check", id, draftVersion],
    queryFn: () => api.post<CheckResult>(`/dialogues/${id}/check`),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ["dialogues", "versions", id],
    queryFn: () => everyPage<DialogueVersion>(`/dialogues/${id}/versions`),
  });

/** A published version never changes. */
export const versionQuery = (id: string, version: number) =>
  queryOptions({
    queryKey: ["dialogues", "version", id, version],
    queryFn: () => api.get<DialogueVersionDetail>(`/dialogues/${id}/versions/${version}`),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Days are cut where the reader is. */
const VIEWERS_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export const reportQuery = (id: string, from: string, to: string) =>
  queryOptions({
    queryKey: ["dialogues", "report", id, from, to],
    queryFn: () =>
      api.get<DialogueReport>(`/dialogues/${id}/report`, { query: { from, to, time_zone: VIEWERS_ZONE } }),
    placeholderData: keepPreviousData,
  });

export const templatesQuery = queryOptions({
  queryKey: ["templates"],
  queryFn: async () => (await api.get<{ items: DialogueTemplate[] }>("/templates")).items,
  staleTime: 10 * 60_000,
});
