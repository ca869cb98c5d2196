import type { Author } from "@usher/api";

/** Who did it, by name; null when nobody knows (any more). */
export function authorName(author: Author | undefined): string | null {
  if (typeof author === "string") return author;
  return author?.name ?? null;
}
