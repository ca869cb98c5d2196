import type { ConversationSummary } from "@usher/api";

/** Who it was with, in one line. */
export function withWhom(one: Pick<ConversationSummary, "person">): string {
  return one.person?.full_name ?? one.person?.email ?? "Anonymous visitor";
}

/** The path of the page, which says more than its host. */
export function pagePath(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return url;
  const parsed = new URL(url);
  return parsed.pathname === "/" ? parsed.host : parsed.pathname + parsed.search;
}
