import type { Reply } from "../loader/core.ts";
import type { Problem } from "../protocol.ts";

/** Address of the page without its fragment. */
export const address = (): string => location.href.split("#")[0] as string;

/** Tells the page's developer what the server says against a call. */
export const complain = (call: string, { status, body }: Reply<unknown>): void => {
  const problem = body as Problem | null;
  const reason = problem?.errors?.[0]?.reason ?? problem?.detail ?? problem?.title;
  console.warn(`usher: ${call}: ${reason ?? (status ? `status ${status}` : "the server cannot be reached")}`);
};

/** An element, or the first that a selector finds. */
export const elementOf = (wanted: Element | string | undefined): HTMLElement | null =>
  (typeof wanted === "string" ? document.querySelector<HTMLElement>(wanted) : (wanted as HTMLElement)) ??
  null;
