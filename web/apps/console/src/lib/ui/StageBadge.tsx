import { Badge } from "@mantine/core";
import type { ConversationSummary } from "@usher/api";

export const STAGE_WORDS: Record<
  ConversationSummary["state"],
  { label: string; color: string; means: string }
> = {
  triggered: { label: "Triggered", color: "gray", means: "Shown; the visitor has not answered" },
  engaged: { label: "Engaged", color: "blue", means: "The visitor has answered" },
  completed: { label: "Completed", color: "green", means: "The end of a branch was reached" },
  dropped: { label: "Dropped", color: "yellow", means: "24 hours without a word of the visitor" },
};

/** How far a conversation is. */
export function StageBadge({ stage }: { stage: ConversationSummary["state"] }) {
  const words = STAGE_WORDS[stage];
  return (
    <Badge color={words.color} title={words.means}>
      {words.label}
    </Badge>
  );
}
