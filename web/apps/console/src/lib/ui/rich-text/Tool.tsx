import { ActionIcon } from "@mantine/core";
import type { LucideIcon } from "lucide-react";

interface ToolProps {
  label: string;
  icon: LucideIcon;
  on: boolean;
  run: () => void;
}

export function Tool({ label, icon: Icon, on, run }: ToolProps) {
  return (
    <ActionIcon
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
