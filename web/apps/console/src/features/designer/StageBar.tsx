import { Button, Group, Popover } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import type { LucideIcon } from "lucide-react";
import { counted } from "#lib/ui/format.ts";
import { CircleXIcon, ListChecksIcon, PlayIcon, PlusIcon, TriangleAlertIcon } from "#lib/ui/icons.ts";
import { keyText } from "#lib/ui/Shown.tsx";
import { useShortcut } from "#lib/ui/shortcuts.ts";
import { type Pane, useActions, useDesign } from "./design.ts";
import classes from "./designer.module.css";
import { NumbersButton } from "./NumbersButton.tsx";
import { FindingsList } from "./publish/FindingsList.tsx";
import { testsQuery } from "./queries.ts";

/** Above the canvas: adding a card, and what is to be mended. */
export function StageBar() {
  const { readOnly, ask } = useActions();
  return (
    <Group className={classes.stageBar} gap="xs">
      {readOnly ? null : (
        <Button
          variant="default"
          leftSection={<PlusIcon size={14} />}
          title={`Add a card (${keyText("/")})`}
          onClick={() => ask({ what: "insert" })}
        >
          Add a card
        </Button>
      )}
      <PaneButton pane="preview" keys="p" icon={PlayIcon} label="Preview" />
      <TestsButton />
      <NumbersButton />
      <Problems />
    </Group>
  );
}

interface PaneButtonProps {
  pane: Pane;
  keys: string;
  icon: LucideIcon;
  label: string;
  color?: string;
  words?: string;
}

/** Opens and closes what stands beside the canvas. */
function PaneButton({ pane, keys, icon: Icon, label, color, words }: PaneButtonProps) {
  const { show, focusCanvas } = useActions();
  const { pane: shown } = useDesign();
  const opened = shown === pane;
  const toggle = () => {
    show(opened ? null : pane);
    if (opened) focusCanvas();
  };
  useShortcut(keys, label, toggle, { group: "Canvas" });
  return (
    <Button
      variant={opened ? "light" : "default"}
      leftSection={<Icon size={14} color={color} />}
      aria-pressed={opened}
      title={`${label} (${keyText(keys)})`}
      onClick={toggle}
    >
      {words ?? label}
    </Button>
  );
}

/** The tests, and whether they hold. */
function TestsButton() {
  const { control } = useDesign();
  const tests = control.content.draft.tests ?? [];
  const played = useQuery({
    ...testsQuery(control.kind, control.id, control.draftVersion),
    enabled: tests.length > 0,
  }).data;
  const failed = played?.filter((one) => one.failure !== null).length ?? 0;
  if (failed > 0) {
    const words = counted(failed, "test fails", "tests fail");
    return (
      <PaneButton
        pane="tests"
        keys="t"
        label="Tests"
        icon={CircleXIcon}
        color="var(--mantine-color-error)"
        words={words}
      />
    );
  }
  return <PaneButton pane="tests" keys="t" label="Tests" icon={ListChecksIcon} />;
}

/** How much the check found; opens to where it is. */
function Problems() {
  const { check, control } = useDesign();
  const [opened, { toggle, close }] = useDisclosure(false);
  const [errors, warnings] = [check.errors.length, check.warnings.length];
  if (errors + warnings === 0) return null;
  const Icon = errors > 0 ? CircleXIcon : TriangleAlertIcon;
  const words = [errors > 0 ? `${errors} to mend` : "", warnings > 0 ? `${warnings} worth a look` : ""];
  return (
    <Popover
      opened={opened}
      onChange={(open) => !open && close()}
      position="bottom-start"
      width={360}
      trapFocus
    >
      <Popover.Target>
        <Button
          variant="default"
          c={errors > 0 ? "var(--mantine-color-error)" : "var(--mantine-color-yellow-light-color)"}
          leftSection={<Icon size={14} />}
          onClick={toggle}
        >
          {words.filter((one) => one !== "").join(", ")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.problems}>
        <FindingsList control={control} findings={[...check.errors, ...check.warnings]} onOpen={close} />
      </Popover.Dropdown>
    </Popover>
  );
}
