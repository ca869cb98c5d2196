/** The parts of a report as people read them. */
import type { CutKey } from "./search.ts";

export interface Cut {
  key: CutKey;
  label: string;
  /** The head of the first column. */
  column: string;
  means: string;
  /** What stands for a part that was not recorded, and why there is one. */
  unknown: string;
}

const GUESTS =
  "guests without stored identity, people who were erased, and conversations made before it was noted";

export const CUT_LIST: readonly Cut[] = [
  {
    key: "page",
    label: "Pages",
    column: "Page",
    means: "The page on which the conversation was triggered, without parameters.",
    unknown: `Not recorded: ${GUESTS}.`,
  },
  {
    key: "device",
    label: "Devices",
    column: "Device",
    means: "The kind of device with which the visit began.",
    unknown: `Not recorded: ${GUESTS}.`,
  },
  {
    key: "country",
    label: "Countries",
    column: "Country",
    means: "The country inferred from the visitor's address when the visit began.",
    unknown: `Not recorded or not inferred: ${GUESTS}, and addresses that say nothing.`,
  },
  {
    key: "known",
    label: "Known people",
    column: "People",
    means:
      "Whether the person had an e-mail address when the conversation was triggered. Guests are anonymous.",
    unknown: "Not recorded: conversations made before it was noted.",
  },
  {
    key: "version",
    label: "Versions",
    column: "Version",
    means:
      "The version at which the conversation is; one that nobody answered takes the newest. Guests count for the one that was live. In brackets: between which values a rate lies with 95 % confidence.",
    unknown: "Not known: activities of people who were erased.",
  },
  {
    key: "goals",
    label: "Goals",
    column: "Goal",
    means: "Goals by the name that they had when they were reached.",
    unknown: "Goals of people who were erased.",
  },
  {
    key: "documents",
    label: "Documents",
    column: "Document",
    means: "Documents by the name that they had when they were opened.",
    unknown: "Documents opened by people who were erased.",
  },
];

const DEVICES: Record<string, string> = {
  desktop: "Desktop",
  mobile: "Mobile",
  tablet: "Tablet",
  crawler: "Crawler",
  appliance: "Appliance",
};

/** A part's key as it is read. */
export function keyText(cut: CutKey, key: string): string {
  if (cut === "version") return `Version ${key}`;
  if (cut === "known") return key === "known" ? "Known people" : "Anonymous people";
  if (cut === "device") return DEVICES[key] ?? key;
  if (cut === "page") return key.replace(/^https?:\/\//, "");
  return key;
}
