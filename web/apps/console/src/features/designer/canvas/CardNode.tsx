import { exitMiddle, exitsOf, hasPlainExit } from "@usher/stream";
import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import { count } from "#lib/ui/format.ts";
import { CircleXIcon, TriangleAlertIcon } from "#lib/ui/icons.ts";
import { INVISIBLE, LOOKS } from "../card-looks.ts";
import type { CardFigures } from "./figures.ts";
import classes from "./node.module.css";
import { type CardData, type CardNodeType, spokenName } from "./nodes.ts";

/** A card on the canvas. Plain elements only: there may be hundreds of them. */
export const CardNode = memo(function CardNode({ id, data, selected }: NodeProps<CardNodeType>) {
  const { card, found, start, trail, match } = data;
  const { icon: Icon, label } = LOOKS[card.kind];
  return (
    // The canvas holds the focus, and names the active card (`aria-activedescendant`).
    // biome-ignore lint/a11y/useSemanticElements: a group of form fields it is not
    <div
      id={nodeId(id)}
      className={classes.card}
      role="group"
      aria-roledescription="card"
      aria-current={selected}
      aria-label={spokenName(card, label, found, start)}
      data-selected={selected || undefined}
      data-trail={trail ?? undefined}
      data-match={match === null ? undefined : match}
      data-invisible={INVISIBLE.has(card.kind) || undefined}
    >
      <span className={classes.head}>
        <span className={classes.icon}>
          <Icon size={14} aria-hidden="true" />
        </span>
        <span className={classes.title} dir="auto">
          {card.title || label}
        </span>
        {start ? <span className={classes.start}>Start</span> : null}
        {found ? (
          <span className={classes.mark} data-error={found.error || undefined} title={found.text}>
            {found.error ? <CircleXIcon size={14} /> : <TriangleAlertIcon size={14} />}
          </span>
        ) : null}
      </span>
      <span className={classes.words} data-lines={data.lines} dir="auto">
        {data.words || <em>{EMPTY_WORDS[card.kind] ?? "No words yet"}</em>}
      </span>
      <Exits data={data} />
      {data.figures ? <Numbers figures={data.figures} waits={WAITING.has(card.kind)} /> : null}
    </div>
  );
});

export const nodeId = (card: string) => `card-${card}`;

const EMPTY_WORDS: Partial<Record<CardData["card"]["kind"], string>> = {
  goal: "No goal yet",
  action: "Does nothing yet",
  branch: "No case yet",
  flow: "No flow yet",
  jump: "Goes on at another card",
};
const WAITING = new Set<string>(["question", "info_capture", "document", "meeting", "ai_answer"]);

function Exits({ data }: { data: CardData }) {
  const { card, faulty } = data;
  const plain = hasPlainExit(card);
  const wrong = faulty.split(" ");
  const exits = exitsOf(card);
  if (exits.length === 0) return null;
  return (
    <span className={classes.exits} data-plain={plain || undefined}>
      {exits.map((exit, index) => (
        <span key={exit.field} className={classes.exit}>
          {plain ? null : (
            <span className={classes.exitLabel} dir="auto" data-exit-label>
              {exit.label || "…"}
            </span>
          )}
          <span
            className={`${classes.out} nodrag nopan`}
            style={{ top: exitMiddle(card, index) }}
            data-exit={exit.field}
            data-open={exit.next === null || undefined}
            data-faulty={wrong.includes(exit.field) || undefined}
            title={exit.next === null ? "Ends here: drag to a card" : "Drag to another card"}
          />
        </span>
      ))}
    </span>
  );
}

function Numbers({ figures, waits }: { figures: CardFigures; waits: boolean }) {
  return (
    <span className={classes.numbers}>
      <span title="Conversations that came here">{count(figures.reached)}</span>
      {waits ? <span title="Visitors who answered here">{count(figures.answered)} answered</span> : null}
      {figures.left > 0 ? (
        <span className={classes.left} title="Conversations that stopped here">
          {count(figures.left)} left
        </span>
      ) : null}
    </span>
  );
}
