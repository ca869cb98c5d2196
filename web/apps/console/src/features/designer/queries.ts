import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type {
  CanvasNumbers,
  CheckResult,
  Dialogue,
  DialogueTemplate,
  DialogueVersion,
  DialogueVersionDetail,
  ScriptResult,
} from "@usher/api";
import { api } from "#lib/api/client.ts";
import { everyPage } from "#lib/api/shared.ts";
import { REFRESH } from "#lib/live/refresh.ts";
import type { Period } from "#lib/results/period.ts";
import type { StreamKind } from "./kinds.ts";

export const recordKey = (kind: StreamKind, id: string) => [kind.key, "record", id] as const;

export const recordQuery = (kind: StreamKind, id: string) =>
  queryOptions({
    queryKey: recordKey(kind, id),
    queryFn: () => api.get<Dialogue>(`${kind.path}/${id}`),
  });

/** What the server finds in the saved draft; asked again for each version of it. */
export const checkQuery = (kind: StreamKind, id: string, draftVersion: number) =>
  queryOptions({
    queryKey: [kind.key, "check", id, draftVersion],
    queryFn: () => api.post<CheckResult>(`${kind.path}/${id}/check`),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

export const versionsQuery = (kind: StreamKind, id: string) =>
  queryOptions({
    queryKey: [kind.key, "versions", id],
    queryFn: () => everyPage<DialogueVersion>(`${kind.path}/${id}/versions`),
  });

/** A published version never changes. */
export const versionQuery = (kind: StreamKind, id: string, version: number) =>
  queryOptions({
    queryKey: [kind.key, "version", id, version],
    queryFn: () => api.get<DialogueVersionDetail>(`${kind.path}/${id}/versions/${version}`),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The scripted tests of the saved draft; played again for each version of it. */
export const testsQuery = (kind: StreamKind, id: string, draftVersion: number) =>
  queryOptions({
    queryKey: [kind.key, "tests", id, draftVersion],
    queryFn: async () =>
      (await api.post<{ results: ScriptResult[] }>(`${kind.path}/${id}/tests`, {})).results,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

/** How far conversations came, of one version or all. */
export const canvasQuery = (
  kind: StreamKind,
  id: string,
  { from, to }: Pick<Period, "from" | "to">,
  version: string | undefined,
) =>
  queryOptions({
    queryKey: [kind.key, "canvas", id, from, to, version ?? null],
    queryFn: () => api.get<CanvasNumbers>(`${kind.path}/${id}/canvas`, { query: { from, to, version } }),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH.happening,
  });

export const templatesQuery = queryOptions({
  queryKey: ["templates"],
  queryFn: async () => (await api.get<{ items: DialogueTemplate[] }>("/templates")).items,
  staleTime: 10 * 60_000,
});
