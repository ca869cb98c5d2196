/** What the address narrows the list to, beyond what the toolbar has fields for. */
import { CUT_LIST, keyText } from "#lib/results/cuts.ts";
import { dayEnd, dayStart } from "#lib/ui/day-range.ts";

/** The members of the list's search that figures of reports set. */
export interface Narrowable {
  reached?: "triggered" | "engaged" | "completed" | "acquired" | "goals" | "documents";
  named?: string;
  by?: "page" | "device" | "country" | "known" | "version";
  key?: string;
}

interface Listed extends Narrowable {
  q?: string;
  state?: string;
  dialogue?: string;
  person?: string;
  from?: string;
  to?: string;
}

export interface Narrowing {
  label: string;
  /** What to change so that it is gone. */
  without: Narrowable;
}

export function narrowings({ reached, named, by, key }: Narrowable): Narrowing[] {
  const found: Narrowing[] = [];
  if (named !== undefined && (reached === "goals" || reached === "documents")) {
    found.push({
      label: `${reached === "goals" ? "Goal" : "Document"}: ${named}`,
      without: { named: undefined },
    });
  }
  const cut = CUT_LIST.find((one) => one.key === by);
  if (cut !== undefined && key !== undefined) {
    const text = keyText(cut.key, key);
    const label = by === "version" ? text : `${cut.column}: ${text}`;
    found.push({ label, without: { by: undefined, key: undefined } });
  }
  return found;
}

/** What the server is asked for. Halves of a pair are left out: an address may be typed by hand. */
export function queryOf({ q, state, dialogue, person, from, to, ...narrow }: Listed) {
  const { reached, named, by, key } = narrow;
  const byName = reached === "goals" || reached === "documents";
  const part = by !== undefined && key !== undefined ? { by, key } : {};
  return {
    q,
    state,
    dialogue,
    person,
    figure: reached,
    named: byName ? named : undefined,
    ...part,
    from: dayStart(from),
    to: dayEnd(to),
  };
}

/** Why a figure may be higher than the list behind it is long. */
export function countedBeside({ reached }: Narrowable): string {
  const erased = "people who were erased";
  if (reached === "triggered") return `Figures also count guests without stored identity and ${erased}.`;
  if (reached === "goals") return `Goals count every time they are reached, also those of ${erased}.`;
  if (reached === "documents") return `Documents count every time they are opened, also by ${erased}.`;
  return `Figures also count ${erased}.`;
}
