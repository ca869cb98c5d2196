import { Text } from "@mantine/core";
import { sentence } from "#lib/ui/notify.ts";
import type { SaveState } from "./draft-saver.ts";

const WORDS = { saved: "Saved", waiting: "Saving…", saving: "Saving…", conflict: "Not saved" } as const;

/** Whether the draft is on the server. */
export function SaveNote({ state }: { state: SaveState }) {
  const failed = state.kind === "failed";
  return (
    <Text
      size="xs"
      c={failed || state.kind === "conflict" ? "var(--mantine-color-error)" : "dimmed"}
      role="status"
      maw={320}
    >
      {failed ? `Not saved: ${sentence(state.error)}` : WORDS[state.kind]}
    </Text>
  );
}
