import { queryOptions } from "@tanstack/react-query";
import type { PersonDetail } from "@usher/api";
import { api } from "#lib/api/client.ts";

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: ["people", "record", id],
    queryFn: () => api.get<PersonDetail>(`/people/${id}`),
  });
