import type { Card } from "@usher/api";
import type { CardFindings } from "../draft/findings.ts";

/** What the editors of the kinds of cards get. */
export interface KindEditorProps<C extends Card> {
  card: C;
  findings: CardFindings;
  /** `field`: what is typed into, so that it is undone at once. */
  onChange: (card: C, field?: string) => void;
}

/** The object with a member set, or without it. */
export function withOptional<T extends object, K extends keyof T>(of: T, key: K, value: T[K] | undefined): T {
  if (value !== undefined) return { ...of, [key]: value };
  const { [key]: _, ...rest } = of;
  return rest as T;
}
