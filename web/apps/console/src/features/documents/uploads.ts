/** Files on their way into the library, one after the other: what is known of each, as pure steps. */
import { bytes } from "#lib/ui/format.ts";

/** Larger files are refused before they are sent; the server decides. */
export const MOST_BYTES = 25 * 1024 * 1024;

export interface Upload {
  key: string;
  file: File;
  /** `sending` goes on as `reading` once all is sent and the server looks at it. */
  state: "waiting" | "sending" | "reading" | "done" | "failed";
  /** 0 to 1. */
  sent: number;
  /** Why it failed, as a sentence. */
  problem?: string;
  /** It may go better another time. */
  mayTryAgain?: boolean;
  /** The document it became. */
  document?: string;
}

export type Step =
  | { kind: "added"; uploads: { key: string; file: File }[] }
  | { kind: "sent"; key: string; share: number }
  | { kind: "done"; key: string; document: string }
  | { kind: "failed"; key: string; problem: string; mayTryAgain: boolean }
  | { kind: "again"; key: string }
  | { kind: "removed"; key: string }
  | { kind: "cleared" };

export function stepped(uploads: readonly Upload[], step: Step): Upload[] {
  switch (step.kind) {
    case "added":
      return [...uploads, ...step.uploads.map(({ key, file }) => begun(key, file))];
    case "cleared":
      return uploads.filter((one) => one.state !== "done" && one.state !== "failed");
    case "removed":
      return uploads.filter((one) => one.key !== step.key);
    case "sent":
      return changed(uploads, step.key, {
        sent: step.share,
        state: step.share >= 1 ? "reading" : "sending",
      });
    case "done":
      return changed(uploads, step.key, { state: "done", sent: 1, document: step.document });
    case "failed":
      return changed(uploads, step.key, {
        state: "failed",
        problem: step.problem,
        mayTryAgain: step.mayTryAgain,
      });
    case "again":
      return changed(uploads, step.key, { state: "waiting", sent: 0, problem: undefined });
  }
}

function begun(key: string, file: File): Upload {
  const problem = refused(file);
  return problem === null
    ? { key, file, state: "waiting", sent: 0 }
    : { key, file, state: "failed", sent: 0, problem };
}

function changed(uploads: readonly Upload[], key: string, change: Partial<Upload>): Upload[] {
  return uploads.map((one) => (one.key === key ? { ...one, ...change } : one));
}

/** Why a file need not be sent at all. */
export function refused(file: Pick<File, "name" | "size" | "type">): string | null {
  if (file.size === 0) return "The file is empty.";
  if (file.size > MOST_BYTES) {
    return `The file has ${bytes(file.size)}; a document has at most ${bytes(MOST_BYTES)}.`;
  }
  const looksLikePdf = file.type === "application/pdf" || /\.pdf$/i.test(file.name);
  return looksLikePdf ? null : "Only PDF files can be documents.";
}

/** Which file goes next; none while another one is on its way. */
export function nextUp(uploads: readonly Upload[]): Upload | undefined {
  const busy = uploads.some((one) => one.state === "sending" || one.state === "reading");
  return busy ? undefined : uploads.find((one) => one.state === "waiting");
}
