import { queryOptions } from "@tanstack/react-query";
import type { CannedResponse } from "@usher/api";
import { api } from "#lib/api/client.ts";

/** The shared canned responses and one's own, by shortcut; of two with one shortcut the own one comes first. */
export const cannedQuery = queryOptions({
  queryKey: ["canned-responses"],
  queryFn: async () => (await api.get<{ items: CannedResponse[] }>("/canned-responses")).items,
});

/** The same as they are said in a chat: with the words about its person and agent filled in. */
export const chatCannedQuery = (chat: string) =>
  queryOptions({
    queryKey: ["canned-responses", chat],
    queryFn: async () =>
      (await api.get<{ items: CannedResponse[] }>(`/chats/${chat}/canned-responses`)).items,
    staleTime: 60_000,
  });

/** What stands behind a slash that begins the words; none when they do not begin so, or go on behind it. */
export function typedShortcut(words: string): string | null {
  return /^\/(\S*)$/u.exec(words)?.[1] ?? null;
}

/** Without case and accents. */
const folded = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/**
 * Those that are meant by what was typed behind the slash: shortcuts that begin with it, then shortcuts and texts that hold it.
 */
export function matching(responses: readonly CannedResponse[], typed: string): CannedResponse[] {
  const wanted = folded(typed.trim());
  const rank = ({ shortcut, text }: CannedResponse) =>
    folded(shortcut).startsWith(wanted)
      ? 0
      : folded(shortcut).includes(wanted)
        ? 1
        : folded(text).includes(wanted)
          ? 2
          : 3;
  return responses
    .map((response) => ({ response, rank: rank(response) }))
    .filter((found) => found.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map((found) => found.response);
}
