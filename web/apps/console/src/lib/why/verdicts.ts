/** Verdicts of the decision trace as people read them. */
import type { Explained, PageViewOutcome, VerdictKind } from "@usher/api";

interface Look {
  label: string;
  color: "green" | "accent" | "gray";
}

const LOOKS: Record<VerdictKind, Look> = {
  shown: { label: "Shown", color: "green" },
  conversation_goes_on: { label: "Conversation went on", color: "accent" },
  chat_off: { label: "Chat was off", color: "gray" },
  not_published: { label: "Not published", color: "gray" },
  disabled: { label: "Switched off", color: "gray" },
  completed: { label: "Completed before", color: "gray" },
  other_page: { label: "Other page", color: "gray" },
  excluded_page: { label: "Page excluded", color: "gray" },
  audience: { label: "Not in the audience", color: "gray" },
  share: { label: "Not in the share", color: "gray" },
  shown_often: { label: "Shown often enough", color: "gray" },
  paused: { label: "Paused after closing", color: "gray" },
  outranked: { label: "Outranked", color: "gray" },
};

export function verdictLook(verdict: VerdictKind): Look {
  return LOOKS[verdict];
}

/** What a page view got, in a few words. */
export function outcomeText(outcome: PageViewOutcome): string {
  const name = outcome.dialogue?.name;
  switch (outcome.kind) {
    case "show":
      return name ? `Got ${name}` : "Got a dialogue";
    case "continue":
      return name ? `${name} went on` : "A conversation went on";
    case "nothing":
      return "Got nothing";
    case "chat_off":
      return "Chat was off";
    case "unknown":
      return "Not recorded why";
  }
}

/** Dialogues of other pages say little; they come after those that could have been shown. */
export function splitByPage(dialogues: readonly Explained[]): {
  concerned: Explained[];
  elsewhere: Explained[];
} {
  const elsewhere = (one: Explained) => one.verdict === "other_page" || one.verdict === "not_published";
  return {
    concerned: dialogues.filter((one) => !elsewhere(one)),
    elsewhere: dialogues.filter(elsewhere),
  };
}
