/** What the lists of dialogues and of flows share. */
import { Badge, Group, Text } from "@mantine/core";
import type { DialogueCounts, DialogueState, DialogueSummary } from "@usher/api";
import { rateText } from "#lib/results/figures.ts";
import type { Column } from "#lib/ui/DataTable.tsx";
import { count } from "#lib/ui/format.ts";
import { stateOf } from "./state-words.ts";

export const STATES: { value: DialogueState; label: string }[] = [
  { value: "draft", label: "Draft" },
  { value: "published", label: "Published" },
  { value: "unpublished", label: "Unpublished" },
];

/** A count, and its share of another. */
export function countColumn(
  key: keyof DialogueCounts,
  label: string,
  of?: keyof DialogueCounts,
): Column<DialogueSummary> {
  return {
    key,
    label,
    width: 108,
    align: "end",
    cell: (one) => (
      <>
        {count(one.counts[key])}
        {of ? (
          <Text component="span" inherit c="dimmed" ms={8} title={`${label} ÷ ${of}`}>
            {rateText(one.counts[key], one.counts[of])}
          </Text>
        ) : null}
      </>
    ),
  };
}

export function StateBadges({ one }: { one: DialogueSummary }) {
  const state = stateOf(one);
  return (
    <Group gap={4} wrap="nowrap">
      <Badge color={state.color} title={state.means}>
        {state.label}
      </Badge>
      {one.state === "published" && one.has_unpublished_changes ? (
        <Badge color="blue" title="The draft differs from what visitors see">
          Edited
        </Badge>
      ) : null}
    </Group>
  );
}
