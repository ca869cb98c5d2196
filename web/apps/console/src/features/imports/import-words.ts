import type { Import, ImportMode, ImportState } from "@usher/api";

export const STATES: Record<ImportState, { label: string; color: string }> = {
  uploaded: { label: "Not started", color: "gray" },
  running: { label: "Running", color: "accent" },
  cancelled: { label: "Cancelled", color: "gray" },
  done: { label: "Done", color: "green" },
  failed: { label: "Failed", color: "red" },
};

export const MODES: Record<ImportMode, { label: string; hint: string }> = {
  upsert: { label: "Create and update", hint: "New people are made, known ones are brought up to date" },
  create: { label: "Create only", hint: "People who are known already stay as they are" },
  update: { label: "Update only", hint: "Rows of people who are not known yet are refused" },
};

/** How far the file is read, in percent of its bytes. */
export function percent(one: Pick<Import, "size_bytes" | "progress" | "state">): number {
  if (one.state === "done") return 100;
  if (one.size_bytes === 0) return 0;
  return Math.min(100, (one.progress.bytes / one.size_bytes) * 100);
}

/** Attributes that two columns write: the later one would silently win. */
export function doubled(mapping: Record<string, string | null>): Set<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const attribute of Object.values(mapping)) {
    if (attribute === null) continue;
    if (seen.has(attribute)) twice.add(attribute);
    seen.add(attribute);
  }
  return twice;
}

export function delimiterName(delimiter: string): string {
  return { ",": "comma", ";": "semicolon", "\t": "tab" }[delimiter] ?? delimiter;
}
