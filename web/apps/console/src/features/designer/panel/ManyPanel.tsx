import { Button, Stack, Text } from "@mantine/core";
import type { CardId } from "@usher/api";
import { duplicateCards, removeCards, toText } from "@usher/stream";
import { ClipboardCopyIcon, CopyIcon, TrashIcon } from "#lib/ui/icons.ts";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";
import { useActions, useDesign } from "../design.ts";
import { offerUndo } from "../draft/offer-undo.tsx";
import classes from "./panel.module.css";

/** What can be done with several cards at once. */
export function ManyPanel({ ids }: { ids: readonly CardId[] }) {
  const { board, apply, edit, select, readOnly } = useActions();
  const { control } = useDesign();
  const copy = () =>
    navigator.clipboard.writeText(toText(board(), ids)).then(
      () => notifyDone("Copied as text: paste it on any canvas"),
      (error: unknown) => notifyProblem("Nothing was copied", error),
    );
  const remove = () => {
    edit(removeCards(board(), ids));
    select([]);
    offerUndo(`${ids.length} cards are deleted`, control.undo);
  };
  return (
    <section className={classes.editor} aria-label={`${ids.length} cards`}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm" c="dimmed">
          {ids.length} cards are selected. Drag one of them to move all.
        </Text>
        <Button variant="default" leftSection={<ClipboardCopyIcon size={14} />} onClick={() => void copy()}>
          Copy as text
        </Button>
        {readOnly ? null : (
          <>
            <Button
              variant="default"
              leftSection={<CopyIcon size={14} />}
              onClick={() => apply(duplicateCards(board(), ids))}
            >
              Duplicate
            </Button>
            <Button variant="default" leftSection={<TrashIcon size={14} />} onClick={remove}>
              Delete
            </Button>
          </>
        )}
      </Stack>
    </section>
  );
}
