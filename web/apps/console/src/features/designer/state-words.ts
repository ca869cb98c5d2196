import type { DialogueSummary } from "@usher/api";

/** The state of a dialogue as one word and its colour. */
export function stateOf(one: Pick<DialogueSummary, "state" | "enabled" | "has_unpublished_changes">): {
  label: string;
  color: string;
  means: string;
} {
  if (one.state === "published" && !one.enabled) {
    return {
      label: "Disabled",
      color: "yellow",
      means: "Published, but shown to nobody while it is disabled",
    };
  }
  if (one.state === "published") {
    return { label: "Published", color: "green", means: "Visitors who fit are shown it" };
  }
  if (one.state === "unpublished") {
    return { label: "Unpublished", color: "gray", means: "Shown to nobody new; engaged conversations go on" };
  }
  return { label: "Draft", color: "gray", means: "Never published" };
}
