import { Button } from "@mantine/core";
import { ListChecksIcon } from "#lib/ui/icons.ts";
import { useActions, useDesign } from "../design.ts";
import { scriptOf } from "./script-of.ts";

/** The conversation so far becomes a scripted test. */
export function KeepAsTest() {
  const { readOnly, show } = useActions();
  const { control, preview } = useDesign();
  const { now, turns } = preview;
  if (readOnly || now === null || turns.length === 0) return null;
  const keep = () => {
    const tests = control.content.draft.tests ?? [];
    const name = `Conversation ${tests.length + 1}`;
    control.changeDraft({ tests: [...tests, scriptOf(name, turns, now)] });
    show("tests");
  };
  return (
    <Button variant="default" size="xs" leftSection={<ListChecksIcon size={14} />} onClick={keep}>
      Keep as a test
    </Button>
  );
}
