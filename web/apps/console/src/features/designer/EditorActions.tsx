import { ActionIcon, Group } from "@mantine/core";
import type { LucideIcon } from "lucide-react";
import { RedoIcon, UndoIcon } from "#lib/ui/icons.ts";
import { keyText } from "#lib/ui/Shown.tsx";
import classes from "./designer.module.css";
import { SaveNote } from "./draft/SaveNote.tsx";
import { PublishButton } from "./publish/PublishButton.tsx";
import type { TabContent } from "./StreamEditor.tsx";
import { StreamMenu } from "./StreamMenu.tsx";

/** At the end of the head: whether it is saved, undo and redo, the menu, publishing. */
export function EditorActions({ record, control, check, readOnly }: TabContent) {
  return (
    <>
      {readOnly ? null : (
        <>
          <SaveNote state={control.save} />
          <Group gap={0} wrap="nowrap">
            <Step label="Undo" keys="mod+z" icon={UndoIcon} off={!control.canUndo} run={control.undo} />
            <Step label="Redo" keys="mod+shift+z" icon={RedoIcon} off={!control.canRedo} run={control.redo} />
          </Group>
        </>
      )}
      <StreamMenu dialogue={record} control={control} />
      <PublishButton dialogue={record} control={control} check={check} />
    </>
  );
}

interface StepProps {
  label: string;
  keys: string;
  icon: LucideIcon;
  off: boolean;
  run: () => void;
}

function Step({ label, keys, icon: Icon, off, run }: StepProps) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      className={classes.tool}
      aria-label={label}
      title={`${label} (${keyText(keys)})`}
      disabled={off}
      onClick={run}
    >
      <Icon size={16} />
    </ActionIcon>
  );
}
