import type { CardId, CheckResult, Stream } from "@usher/api";
import { useState } from "react";
import { useShortcut } from "#lib/ui/shortcuts.ts";
import { CardRow } from "./CardRow.tsx";
import classes from "./cards.module.css";
import { findingsOf } from "./findings.ts";

interface CardListProps {
  stream: Stream;
  check: CheckResult;
  selected: CardId | undefined;
  readOnly: boolean;
  onSelect: (id: CardId) => void;
  onMove: (id: CardId, to: number) => void;
  onDuplicate: (id: CardId) => void;
  onRemove: (id: CardId) => void;
}

/** Where a dragged card would land: before the row, or after it. */
interface Drop {
  index: number;
  after: boolean;
}

/** The cards one under the other; dragged by their handles or moved by key. */
export function CardList(props: CardListProps) {
  const { stream, selected, onSelect, onMove } = props;
  const [dragged, setDragged] = useState<CardId | null>(null);
  const [drop, setDrop] = useState<Drop | null>(null);
  const at = stream.cards.findIndex((card) => card.id === selected);
  const step = (by: number) => {
    const next = stream.cards[Math.max(0, Math.min(stream.cards.length - 1, at + by))];
    if (next) onSelect(next.id);
  };
  useShortcut("j", "Next card", () => step(1), { group: "Editing" });
  useShortcut("k", "Previous card", () => step(-1), { group: "Editing" });

  const finish = () => {
    if (dragged !== null && drop !== null) {
      const from = stream.cards.findIndex((card) => card.id === dragged);
      const gap = drop.index + (drop.after ? 1 : 0);
      onMove(dragged, gap > from ? gap - 1 : gap);
    }
    setDragged(null);
    setDrop(null);
  };
  return (
    <ol className={classes.list} aria-label="Cards">
      {stream.cards.map((card, index) => (
        <CardRow
          key={card.id}
          card={card}
          index={index}
          stream={stream}
          findings={findingsOf(props.check, card.id)}
          selected={card.id === selected}
          readOnly={props.readOnly}
          dropMark={drop?.index === index ? (drop.after ? "after" : "before") : undefined}
          onSelect={() => onSelect(card.id)}
          onMove={(to) => onMove(card.id, to)}
          onDuplicate={() => props.onDuplicate(card.id)}
          onRemove={() => props.onRemove(card.id)}
          onDragStart={() => setDragged(card.id)}
          onDragOver={(after) => {
            if (dragged !== null) setDrop({ index, after });
          }}
          onDragEnd={finish}
        />
      ))}
    </ol>
  );
}
