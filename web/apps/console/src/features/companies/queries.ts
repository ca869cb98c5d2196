import { queryOptions } from "@tanstack/react-query";
import type { Company } from "@usher/api";
import { api } from "#lib/api/client.ts";

export const companyQuery = (id: string) =>
  queryOptions({
    queryKey: ["companies", "record", id],
    queryFn: () => api.get<Company>(`/companies/${id}`),
  });
