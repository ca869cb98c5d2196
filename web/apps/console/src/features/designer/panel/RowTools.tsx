import { ActionIcon, Group } from "@mantine/core";
import type { LucideIcon } from "lucide-react";
import { ArrowDownIcon, ArrowUpIcon, TrashIcon } from "#lib/ui/icons.ts";
import classes from "./panel.module.css";

interface RowToolsProps {
  /** What the row is: "field 2". */
  of: string;
  index: number;
  count: number;
  /** How many there must be at least. */
  least?: number;
  onMove: (to: number) => void;
  onRemove: () => void;
}

/** Moves a row of a card up and down, and removes it. */
export function RowTools({ of, index, count, least = 0, onMove, onRemove }: RowToolsProps) {
  return (
    <Group gap={0} wrap="nowrap" ms="auto" flex="none">
      <Tool label={`Move ${of} up`} icon={ArrowUpIcon} off={index === 0} run={() => onMove(index - 1)} />
      <Tool
        label={`Move ${of} down`}
        icon={ArrowDownIcon}
        off={index === count - 1}
        run={() => onMove(index + 1)}
      />
      <Tool label={`Delete ${of}`} icon={TrashIcon} off={count <= least} run={onRemove} />
    </Group>
  );
}

function Tool({
  label,
  icon: Icon,
  off,
  run,
}: {
  label: string;
  icon: LucideIcon;
  off: boolean;
  run: () => void;
}) {
  return (
    <ActionIcon
      className={classes.tool}
      variant="subtle"
      color="gray"
      aria-label={label}
      title={label}
      disabled={off}
      onClick={run}
    >
      <Icon size={14} />
    </ActionIcon>
  );
}

/** The list with one item at another place. */
export function movedTo<T>(items: readonly T[], from: number, to: number): T[] {
  const item = items[from];
  return item === undefined ? [...items] : items.toSpliced(from, 1).toSpliced(to, 0, item);
}
