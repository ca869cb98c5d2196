import { QueryClient } from "@tanstack/react-query";
import { ApiProblem } from "@usher/api";

/** A refusal stays a refusal; only silence and overload are worth another try. */
function worthRetrying(count: number, error: Error): boolean {
  if (!(error instanceof ApiProblem)) return false;
  return count < 2 && (error.isOffline || error.status === 429 || error.status >= 502);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 15_000, retry: worthRetrying, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
});
