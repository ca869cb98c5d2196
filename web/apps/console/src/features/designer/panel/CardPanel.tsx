import { ActionIcon, Alert, Button, Group, Stack, TextInput } from "@mantine/core";
import type { Card } from "@usher/api";
import { duplicateCards, leadingTo, removeCards, setStart, updateCard } from "@usher/stream";
import { type KeyboardEvent, type RefObject, useEffect, useRef } from "react";
import { CopyIcon, FlagIcon, TrashIcon } from "#lib/ui/icons.ts";
import { cardLabel, LOOKS } from "../card-looks.ts";
import { type Design, useActions, useDesign } from "../design.ts";
import { type CardFindings, elsewhere, errorAt, findingsOf } from "../draft/findings.ts";
import { offerUndo } from "../draft/offer-undo.tsx";
import { KindEditor, SHOWN_FIELDS } from "./KindEditor.tsx";
import { withOptional } from "./kind-editors.ts";
import classes from "./panel.module.css";

/** Edits the chosen card. */
export function CardPanel({ card }: { card: Card }) {
  const { readOnly, board, edit, focusCanvas } = useActions();
  const { check, panelFocus } = useDesign();
  const findings = findingsOf(check, card.id);
  const fields = useRef<HTMLFieldSetElement>(null);
  useFirstField(fields, panelFocus);
  const change = (next: Card, field?: string) =>
    edit(updateCard(board(), next), field && `${card.id} ${field}`);
  return (
    <form
      className={classes.editor}
      onSubmit={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !isOwn(event)) return;
        event.preventDefault();
        focusCanvas();
      }}
    >
      {readOnly ? null : <CardTools card={card} />}
      <fieldset className={classes.fieldset} disabled={readOnly} ref={fields}>
        <legend className={classes.hidden}>{LOOKS[card.kind].label}</legend>
        <Stack gap="lg">
          <General findings={findings} />
          <KindEditor card={card} findings={findings} onChange={change} />
          <TextInput
            label="Title"
            description="For authors; also the name of the answer in tokens"
            placeholder={card.kind === "question" || card.kind === "info_capture" ? "Interest" : undefined}
            value={card.title ?? ""}
            error={errorAt(findings, "title")}
            onChange={(event) =>
              change(
                withOptional<Card, "title">(card, "title", event.currentTarget.value || undefined),
                "title",
              )
            }
          />
        </Stack>
      </fieldset>
      <ComesFrom card={card} />
    </form>
  );
}

/** Not from a list that is open, nor from what floats above the panel: there Escape closes those. */
function isOwn({ currentTarget, target }: KeyboardEvent): boolean {
  const inside = target instanceof Element && currentTarget.contains(target);
  return inside && target.getAttribute("aria-expanded") !== "true";
}

/** Puts the keyboard into the first field when the panel is opened by key, or for a new card. */
function useFirstField(fields: RefObject<HTMLElement | null>, asked: Design["panelFocus"]): void {
  useEffect(() => {
    if (!asked.wanted) return undefined;
    // The editor of a text comes a moment after its field.
    const timer = setTimeout(() => {
      asked.wanted = false;
      fields.current
        ?.querySelector<HTMLElement>('[role="textbox"], input:not([type="checkbox"]), textarea')
        ?.focus();
    });
    return () => clearTimeout(timer);
  }, [asked, fields]);
}

function CardTools({ card }: { card: Card }) {
  const { apply, board, edit, select, focusCanvas } = useActions();
  const { control, board: shown } = useDesign();
  const remove = () => {
    edit(removeCards(board(), [card.id]));
    select([]);
    offerUndo("The card is deleted", control.undo);
    focusCanvas();
  };
  return (
    <Group gap={4} wrap="nowrap" className={classes.tools}>
      {shown.stream.start === card.id ? null : (
        <Button
          variant="subtle"
          color="gray"
          leftSection={<FlagIcon size={14} />}
          onClick={() => edit(setStart(board(), card.id))}
        >
          Start here
        </Button>
      )}
      <ActionIcon
        variant="subtle"
        color="gray"
        ms="auto"
        aria-label="Duplicate the card"
        title="Duplicate"
        onClick={() => apply(duplicateCards(board(), [card.id]))}
      >
        <CopyIcon size={16} />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" aria-label="Delete the card" title="Delete" onClick={remove}>
        <TrashIcon size={16} />
      </ActionIcon>
    </Group>
  );
}

/** The cards that lead here, to go back to. */
function ComesFrom({ card }: { card: Card }) {
  const { select } = useActions();
  const sources = leadingTo(useDesign().board.stream, card.id);
  if (sources.length === 0) return null;
  return (
    <section className={classes.sources} aria-label="Comes from">
      <h3 className={classes.label}>Comes from</h3>
      {sources.map((one) => (
        <Button
          key={one.id}
          variant="subtle"
          color="gray"
          size="compact-sm"
          justify="flex-start"
          onClick={() => select([one.id], { open: true, reveal: true })}
        >
          <span dir="auto">{cardLabel(one)}</span>
        </Button>
      ))}
    </section>
  );
}

/** What was found and stands beside no field. */
function General({ findings }: { findings: CardFindings }) {
  const errors = elsewhere(findings.errors, SHOWN_FIELDS);
  const warnings = [
    ...elsewhere(findings.warnings, SHOWN_FIELDS),
    // Warnings about a text are about the card: its field shows errors.
    ...findings.warnings.filter((one) => one.field === "text"),
  ];
  if (errors.length + warnings.length === 0) return null;
  return (
    <Alert color={errors.length > 0 ? "red" : "yellow"} py="xs">
      {[...errors, ...warnings].map((one) => (
        <div key={one.field + one.message}>{one.message}</div>
      ))}
    </Alert>
  );
}
