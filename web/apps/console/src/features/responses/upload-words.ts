/** What a file of responses would do, and what it did, as sentences. */
import type { ResponsesImport } from "@usher/api";
import { count, counted } from "#lib/ui/format.ts";

/** How many responses would be made or changed. */
export const changesOf = (told: ResponsesImport): number => told.created + told.changed;

export function summaryOf(told: ResponsesImport): string {
  const parts = [
    told.created > 0 ? `${count(told.created)} new` : "",
    told.changed > 0 ? `${count(told.changed)} changed` : "",
    told.unchanged > 0 ? `${count(told.unchanged)} as they are already` : "",
    told.rows_refused > 0 ? `${count(told.rows_refused)} refused` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "There is no row in this file." : `${parts.join(", ")}.`;
}

/** What the button says that does it. */
export function importWords(told: ResponsesImport): string {
  const changes = changesOf(told);
  if (changes === 0) return "Nothing to import";
  if (told.rows_refused > 0) return `Import the other ${changes === 1 ? "one" : count(changes)}`;
  return `Import ${counted(changes, "response", "responses")}`;
}

export function doneWords(done: ResponsesImport): string {
  const left = done.rows_refused > 0 ? `; ${counted(done.rows_refused, "row", "rows")} left out` : "";
  return `${counted(changesOf(done), "response", "responses")} imported${left}`;
}
