import { ActionIcon, Menu } from "@mantine/core";
import type { Card, Stream } from "@usher/api";
import { cardName, exitsOf } from "@usher/stream";
import type { DragEvent, KeyboardEvent } from "react";
import {
  ArrowDownIcon,
  ArrowUpIcon,
  CircleXIcon,
  CopyIcon,
  EllipsisIcon,
  GripVerticalIcon,
  TrashIcon,
  TriangleAlertIcon,
} from "#lib/ui/icons.ts";
import { LOOKS } from "./card-looks.ts";
import classes from "./cards.module.css";
import type { CardFindings } from "./findings.ts";

interface CardRowProps {
  card: Card;
  index: number;
  stream: Stream;
  findings: CardFindings;
  selected: boolean;
  readOnly: boolean;
  dropMark: "before" | "after" | undefined;
  onSelect: () => void;
  onMove: (to: number) => void;
  onDuplicate: () => void;
  onRemove: () => void;
  onDragStart: () => void;
  onDragOver: (after: boolean) => void;
  onDragEnd: () => void;
}

/** One card of the list: what it is, what it says, where it leads. */
export function CardRow(props: CardRowProps) {
  const { card, index, stream, findings, readOnly } = props;
  const { icon: Icon, label } = LOOKS[card.kind];
  const name = cardName(card) || label;
  const over = (event: DragEvent) => {
    event.preventDefault();
    const box = event.currentTarget.getBoundingClientRect();
    props.onDragOver(event.clientY > box.top + box.height / 2);
  };
  const byKey = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const handle = event.currentTarget;
    props.onMove(index + by);
    // A node that is moved loses the focus.
    requestAnimationFrame(() => handle instanceof HTMLElement && handle.focus());
  };
  return (
    <li
      className={classes.row}
      data-selected={props.selected || undefined}
      data-drop={props.dropMark}
      onDragOver={over}
      onDrop={(event) => event.preventDefault()}
    >
      {readOnly ? null : (
        <button
          type="button"
          className={classes.handle}
          draggable
          aria-label={`Move card ${index + 1}, ${name}: arrow up or down`}
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = "move";
            event.dataTransfer.setData("text/plain", card.id);
            props.onDragStart();
          }}
          onDragEnd={props.onDragEnd}
          onKeyDown={byKey}
        >
          <GripVerticalIcon size={14} />
        </button>
      )}
      <button
        type="button"
        className={classes.open}
        onClick={props.onSelect}
        aria-current={props.selected || undefined}
      >
        <span className={classes.kind}>
          <Icon size={14} aria-hidden="true" />
          {index + 1} · {label}
          {stream.start === card.id ? <span className={classes.start}>Start</span> : null}
          <Mark findings={findings} />
        </span>
        <span className={classes.name} dir="auto">
          {cardName(card) || <em>No words yet</em>}
        </span>
        <Exits card={card} stream={stream} index={index} />
      </button>
      {readOnly ? null : (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon
              variant="subtle"
              color="gray"
              className={classes.more}
              aria-label={`More about card ${index + 1}`}
            >
              <EllipsisIcon size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<ArrowUpIcon size={16} />}
              disabled={index === 0}
              onClick={() => props.onMove(index - 1)}
            >
              Move up
            </Menu.Item>
            <Menu.Item
              leftSection={<ArrowDownIcon size={16} />}
              disabled={index === stream.cards.length - 1}
              onClick={() => props.onMove(index + 1)}
            >
              Move down
            </Menu.Item>
            <Menu.Item leftSection={<CopyIcon size={16} />} onClick={props.onDuplicate}>
              Duplicate
            </Menu.Item>
            <Menu.Item
              c="var(--mantine-color-error)"
              leftSection={<TrashIcon size={16} />}
              onClick={props.onRemove}
            >
              Delete
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}

function Mark({ findings }: { findings: CardFindings }) {
  const { errors, warnings } = findings;
  if (errors.length + warnings.length === 0) return null;
  const text = [...errors, ...warnings].map((one) => one.message).join(" ");
  const Icon = errors.length > 0 ? CircleXIcon : TriangleAlertIcon;
  return (
    <span className={classes.mark} data-error={errors.length > 0 || undefined} title={text}>
      <Icon size={14} role="img" aria-label={errors.length > 0 ? "Must be mended" : "Worth a look"} />
    </span>
  );
}

/** The ways on, unless the only one is simply the next row. */
function Exits({ card, stream, index }: { card: Card; stream: Stream; index: number }) {
  const numbers = new Map(stream.cards.map((one, at) => [one.id, at + 1]));
  const target = (next: string | null) => (next === null ? "ends" : `→ ${numbers.get(next) ?? "?"}`);
  const exits = exitsOf(card);
  if (card.kind !== "question") {
    const next = exits[0]?.next ?? null;
    if (next !== null && numbers.get(next) === index + 2) return null;
    return <span className={classes.exits}>{target(next)}</span>;
  }
  return (
    <span className={classes.exits}>
      {exits.map((exit) => (
        <span key={exit.field} className={classes.exit}>
          <span className={classes.exitLabel} dir="auto">
            {exit.label || "…"}
          </span>{" "}
          {target(exit.next)}
        </span>
      ))}
    </span>
  );
}
