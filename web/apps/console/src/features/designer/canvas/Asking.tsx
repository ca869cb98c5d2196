import type { CardKind } from "@usher/api";
import { addCardAfter, addCardOn, connect, exitsOf } from "@usher/stream";
import { useCallback } from "react";
import { Chooser } from "#lib/ui/Chooser.tsx";
import { cardLabel, KINDS, LOOKS, targetsOf } from "../card-looks.ts";
import { type Question, useActions, useDesign } from "../design.ts";
import classes from "./canvas.module.css";

/** The small list on the canvas that asks which card to add, or where to lead. */
export function Asking({ question }: { question: Exclude<Question, { what: "search" }> }) {
  const actions = useActions();
  const close = useCallback(() => {
    actions.ask(null);
    actions.focusCanvas();
  }, [actions]);
  return (
    <div className={classes.asking}>
      {question.what === "insert" ? (
        <Insert question={question} onClose={close} />
      ) : (
        <Connect question={question} onClose={close} />
      )}
    </div>
  );
}

type Of<W extends Question["what"]> = Extract<Question, { what: W }>;

function Insert({ question, onClose }: { question: Of<"insert">; onClose: () => void }) {
  const actions = useActions();
  const choose = (kind: string) => {
    const board = actions.board();
    const chosen = kind as CardKind;
    const { exit, at } = question;
    actions.ask(null);
    actions.apply(
      exit === undefined
        ? addCardAfter(board, chosen, actions.selected().at(-1) ?? null)
        : addCardOn(board, chosen, exit, at),
      { open: "focus" },
    );
  };
  return (
    <Chooser
      label="Add a card"
      placeholder="Which card? Question, message, goal…"
      choices={KINDS.map((kind) => ({
        id: kind,
        label: LOOKS[kind].label,
        note: LOOKS[kind].does,
        icon: LOOKS[kind].icon,
      }))}
      none="There is no such card"
      onChoose={choose}
      onClose={onClose}
    />
  );
}

const END = "";

/** First which way on, where there are several; then where it leads. */
function Connect({ question, onClose }: { question: Of<"connect">; onClose: () => void }) {
  const actions = useActions();
  const { board } = useDesign();
  const { stream } = board;
  const card = stream.cards.find((one) => one.id === question.card);
  if (card === undefined) return null;
  const exits = exitsOf(card);
  const field = question.field ?? (exits.length === 1 ? exits[0]?.field : undefined);
  const exit = exits.find((one) => one.field === field);
  if (exits.length === 0 || exit === undefined) {
    return (
      <Chooser
        key="exit"
        label="Which way on"
        placeholder="Which of its ways?"
        choices={exits.map((one) => ({ id: one.field, label: one.label || "…", note: leads(one.next) }))}
        none={exits.length === 0 ? "This card ends its branch" : "There is no such way"}
        onChoose={(chosen) => actions.ask({ ...question, field: chosen })}
        onClose={onClose}
      />
    );
  }
  function leads(next: string | null): string {
    const target = stream.cards.find((one) => one.id === next);
    return target === undefined ? "ends here" : `leads to ${cardLabel(target)}`;
  }
  const targets = targetsOf(stream).filter((one) => one.value !== question.card);
  return (
    <Chooser
      key="target"
      label="Where it leads"
      placeholder={exit.label === "" ? "Leads to which card?" : `“${exit.label}” leads to which card?`}
      choices={[
        ...targets.map((one) => ({ id: one.value, label: one.label })),
        { id: END, label: "Nowhere: it ends here" },
      ]}
      none="There is no such card"
      onChoose={(chosen) => {
        const to = chosen === END ? null : chosen;
        actions.edit(connect(actions.board(), { card: question.card, field: exit.field }, to));
        onClose();
      }}
      onClose={onClose}
    />
  );
}
