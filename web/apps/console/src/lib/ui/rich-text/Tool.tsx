import { ActionIcon, type ActionIconProps } from "@mantine/core";
import type { LucideIcon } from "lucide-react";
import type { Ref } from "react";

interface ToolProps extends ActionIconProps {
  ref?: Ref<HTMLButtonElement>;
  label: string;
  icon: LucideIcon;
  on: boolean;
  run: () => void;
}

/** A button above the text; what opens from it may hang its own attributes on it. */
export function Tool({ label, icon: Icon, on, run, ...rest }: ToolProps) {
  return (
    <ActionIcon
      {...rest}
      variant={on ? "light" : "subtle"}
      color={on ? undefined : "gray"}
      size={26}
      aria-label={label}
      aria-pressed={on}
      title={label}
      // The text keeps its selection.
      onMouseDown={(event) => event.preventDefault()}
      onClick={run}
    >
      <Icon size={14} />
    </ActionIcon>
  );
}
