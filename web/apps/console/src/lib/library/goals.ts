import { queryOptions } from "@tanstack/react-query";
import type { LibraryGoal } from "@usher/api";
import { api } from "#lib/api/client.ts";

/** Goals with how often they were reached since `from`; ever, when no time is given. */
export const goalsQuery = (from?: string) =>
  queryOptions({
    queryKey: ["goals", from ?? null],
    queryFn: async () => (await api.get<{ items: LibraryGoal[] }>("/goals", { query: { from } })).items,
    placeholderData: (previous: LibraryGoal[] | undefined) => previous,
  });

/** As the server compares names: without case, accents and blanks around. */
const folded = (name: string) => name.trim().normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The goal that a stream means by a name: its present one, or one that it had before. */
export function goalCalled(goals: readonly LibraryGoal[], name: string): LibraryGoal | undefined {
  const wanted = folded(name);
  return goals.find((goal) => [goal.name, ...goal.former_names].some((one) => folded(one) === wanted));
}
