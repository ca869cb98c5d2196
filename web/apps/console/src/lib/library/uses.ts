/** What dialogues and flows share, in words. */
import type { LibraryUse } from "@usher/api";
import { useMay } from "#lib/api/session.ts";
import { DASH } from "#lib/ui/format.ts";

/** The names of who uses something, in one line. */
export function usesText(uses: readonly LibraryUse[]): string {
  const [first, ...more] = uses;
  if (first === undefined) return DASH;
  return more.length === 0 ? first.name : `${first.name} and ${more.length} more`;
}

/** Dialogues and flows share the library: who manages either may change it. */
export function useMayManageLibrary(): boolean {
  const [dialogues, flows] = [useMay("dialogues.manage"), useMay("flows.manage")];
  return dialogues || flows;
}
