import { ActionIcon, Group, Text, TextInput } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { ChevronDownIcon, ChevronUpIcon, SearchIcon, XIcon } from "#lib/ui/icons.ts";
import { useActions } from "../design.ts";
import classes from "./canvas.module.css";

interface SearchBarProps {
  text: string;
  found: readonly string[];
  onText: (text: string) => void;
  onClose: () => void;
}

/** Finds cards by type and words; Enter goes from one to the next. */
export function SearchBar({ text, found, onText, onClose }: SearchBarProps) {
  const actions = useActions();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  const at = found.indexOf(actions.selected()[0] ?? "");
  const go = (by: number) => {
    const next = found[at === -1 ? (by > 0 ? 0 : found.length - 1) : (at + by + found.length) % found.length];
    if (next !== undefined) actions.select([next], { reveal: true });
  };
  const byKey = (event: KeyboardEvent) => {
    if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") {
      onClose();
      actions.focusCanvas();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search className={classes.search}>
      <Group gap={4} wrap="nowrap">
        <TextInput
          ref={input}
          size="xs"
          flex={1}
          aria-label="Find cards"
          placeholder="A type or a word"
          leftSection={<SearchIcon size={14} />}
          value={text}
          onChange={(event) => onText(event.currentTarget.value)}
          onKeyDown={byKey}
        />
        <Text size="xs" c="dimmed" miw={48} ta="center" role="status">
          {text.trim() === ""
            ? null
            : found.length === 0
              ? "none"
              : `${at === -1 ? "–" : at + 1} of ${found.length}`}
        </Text>
        <Step
          label="Previous"
          icon={<ChevronUpIcon size={16} />}
          run={() => go(-1)}
          off={found.length === 0}
        />
        <Step label="Next" icon={<ChevronDownIcon size={16} />} run={() => go(1)} off={found.length === 0} />
        <Step label="Close the search" icon={<XIcon size={16} />} run={onClose} off={false} />
      </Group>
    </search>
  );
}

function Step({
  label,
  icon,
  run,
  off,
}: {
  label: string;
  icon: React.ReactNode;
  run: () => void;
  off: boolean;
}) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={label} title={label} disabled={off} onClick={run}>
      {icon}
    </ActionIcon>
  );
}
