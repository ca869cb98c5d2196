import { ActionIcon, Popover, Text, TextInput, Tooltip, UnstyledButton } from "@mantine/core";
import { type KeyboardEvent, useRef, useState } from "react";
import { SmileIcon } from "#lib/ui/icons.ts";
import classes from "./emoji.module.css";
import { findEmoji } from "./emoji.ts";

/** As many stand in a row. */
const ROW = 8;
const MOVES: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: ROW, ArrowUp: -ROW };

/** Chooses a sign: by typing what it shows, with the arrow keys, or with the mouse. */
export function EmojiButton({ onPick }: { onPick: (sign: string) => void }) {
  const [open, setOpen] = useState(false);
  const pick = (sign: string) => {
    setOpen(false);
    onPick(sign);
  };
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="top-end"
      trapFocus
      returnFocus
      shadow="md"
      withinPortal
    >
      <Popover.Target>
        <Tooltip label="Emoji" disabled={open}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label="Insert an emoji"
            aria-haspopup="dialog"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            <SmileIcon size={16} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p="xs" aria-label="Emoji">
        <Signs onPick={pick} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Signs({ onPick }: { onPick: (sign: string) => void }) {
  const [typed, setTyped] = useState("");
  const grid = useRef<HTMLDivElement>(null);
  const found = findEmoji(typed);
  const focus = (at: number) => grid.current?.querySelectorAll("button")[at]?.focus();
  const inField = (event: KeyboardEvent) => {
    const first = found[0];
    if (event.key === "Enter" && first) onPick(first.sign);
    else if (event.key === "ArrowDown") focus(0);
    else return;
    event.preventDefault();
  };
  const inGrid = (event: KeyboardEvent) => {
    const move = MOVES[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const at = [...(grid.current?.querySelectorAll("button") ?? [])].indexOf(
      event.target as HTMLButtonElement,
    );
    if (at + move < 0) grid.current?.parentElement?.querySelector("input")?.focus();
    else focus(at + move);
  };
  return (
    <div>
      <TextInput
        size="xs"
        mb="xs"
        data-autofocus
        aria-label="Search emoji"
        placeholder="Search"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={inField}
      />
      {found.length === 0 ? (
        <Text size="xs" c="dimmed" role="status">
          None is called so.
        </Text>
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the buttons inside
        <div className={classes.signs} ref={grid} onKeyDown={inGrid}>
          {found.map(({ sign, words }, at) => (
            <UnstyledButton
              key={sign}
              className={classes.sign}
              aria-label={words}
              tabIndex={at === 0 ? 0 : -1}
              onClick={() => onPick(sign)}
            >
              {sign}
            </UnstyledButton>
          ))}
        </div>
      )}
    </div>
  );
}
