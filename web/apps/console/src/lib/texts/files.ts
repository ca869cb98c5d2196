import type { ConfigurationReport, PlannedChange } from "@usher/api";
import type { Texts } from "./queries.ts";

/** What pasted text is called in messages. */
export const PASTED = "pasted text";

/** The larger texts are no conversations. */
const LARGEST = 4 * 1024 * 1024;

export interface Taken {
  files: Texts;
  /** Names of files that are no texts of this kind. */
  refused: string[];
}

/** Reads chosen or dropped files: texts that end with `.toml`. */
export async function take(files: Iterable<File>): Promise<Taken> {
  const taken: Taken = { files: {}, refused: [] };
  for (const file of files) {
    const path = file.webkitRelativePath || file.name;
    if (!path.endsWith(".toml") || file.size > LARGEST) taken.refused.push(path);
    else taken.files[free(path, taken.files)] = await file.text();
  }
  return taken;
}

/** Two files of one name from two folders. */
function free(path: string, files: Texts): string {
  let name = path;
  for (let number = 2; name in files; number += 1) name = path.replace(/\.toml$/, ` (${number}).toml`);
  return name;
}

/** What happens, in words: `2 created, 1 changed`. */
export function summaryOf({ changes }: ConfigurationReport): string {
  const words = (["created", "changed", "deleted", "unchanged"] as const).map((action) => {
    const number = changes.filter((change) => change.action === action).length;
    return number === 0 ? null : `${number} ${action}`;
  });
  return words.filter((word) => word !== null).join(", ") || "Nothing";
}

/** True when applying would change something. */
export const changesAnything = ({ changes }: ConfigurationReport): boolean =>
  changes.some((change) => change.action !== "unchanged");

export const nameOf = (change: PlannedChange): string =>
  change.site ? `${change.site} / ${change.name}` : change.name;
