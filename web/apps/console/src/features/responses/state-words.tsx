import { Badge } from "@mantine/core";
import type { ReviewState } from "@usher/api";

export const STATES: Record<ReviewState, { label: string; color: string; means: string }> = {
  needs_review: { label: "Needs review", color: "yellow", means: "Not said before somebody approves it" },
  approved: { label: "Approved", color: "green", means: "Said to visitors who ask for it" },
  rejected: { label: "Rejected", color: "gray", means: "Kept, and never said" },
};

export function StateBadge({ state }: { state: ReviewState }) {
  const words = STATES[state];
  return (
    <Badge color={words.color} title={words.means}>
      {words.label}
    </Badge>
  );
}
