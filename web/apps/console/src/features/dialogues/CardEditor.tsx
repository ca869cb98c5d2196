import { ActionIcon, Alert, Box, Button, Group, Stack, TextInput } from "@mantine/core";
import type { Card, Stream } from "@usher/api";
import { setStart, updateCard } from "@usher/stream/list";
import { ChevronLeftIcon, CopyIcon, FlagIcon, TrashIcon } from "#lib/ui/icons.ts";
import { LOOKS } from "./card-looks.ts";
import classes from "./cards.module.css";
import { FormEditor } from "./FormEditor.tsx";
import { type CardFindings, elsewhere, errorAt } from "./findings.ts";
import { NextSelect } from "./NextSelect.tsx";
import { QuestionEditor } from "./QuestionEditor.tsx";
import { TextEditor } from "./TextEditor.tsx";

interface CardEditorProps {
  card: Card;
  stream: Stream;
  findings: CardFindings;
  readOnly: boolean;
  onChange: (stream: Stream, group?: string) => void;
  onBack: () => void;
  onDuplicate: () => void;
  onRemove: () => void;
}

/** What the editors of the kinds of cards get. */
export interface KindEditorProps<C extends Card> {
  card: C;
  stream: Stream;
  findings: CardFindings;
  /** `field`: what is typed into, so that it is undone at once. */
  onChange: (card: C, field?: string) => void;
}

const SHOWN = ["text", "title", "next", "goal", "responses", "fields", "free_text", "attribute"];

/** The panel of one card. */
export function CardEditor(props: CardEditorProps) {
  const { card, stream, findings, readOnly } = props;
  const { icon: Icon, label } = LOOKS[card.kind];
  const change = (next: Card, field?: string) =>
    props.onChange(updateCard(stream, next), field && `${card.id} ${field}`);
  const number = stream.cards.indexOf(card) + 1;
  return (
    <section className={classes.editor} aria-label={`Card ${number}`}>
      <Group gap="xs" wrap="nowrap" className={classes.editorHead}>
        <Button
          className={classes.back}
          flex="none"
          variant="subtle"
          color="gray"
          leftSection={<ChevronLeftIcon size={14} />}
          onClick={props.onBack}
        >
          Cards
        </Button>
        <h2 className={classes.editorTitle}>
          <Icon size={16} aria-hidden="true" /> {number} · {label}
        </h2>
        {readOnly ? null : (
          <Group gap={4} wrap="nowrap" ms="auto">
            {stream.start === card.id ? null : (
              <Button
                variant="subtle"
                color="gray"
                aria-label="Start the conversation here"
                title="The first card that is said"
                onClick={() => props.onChange(setStart(stream, card.id))}
              >
                <FlagIcon size={14} />
                <Box component="span" ms={8} className="wide-only">
                  Start here
                </Box>
              </Button>
            )}
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label="Duplicate the card"
              title="Duplicate"
              onClick={props.onDuplicate}
            >
              <CopyIcon size={16} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label="Delete the card"
              title="Delete"
              onClick={props.onRemove}
            >
              <TrashIcon size={16} />
            </ActionIcon>
          </Group>
        )}
      </Group>
      <fieldset className={classes.fieldset} disabled={readOnly}>
        <legend className={classes.hidden}>{label}</legend>
        <Stack gap="lg">
          <General findings={findings} />
          <KindEditor card={card} stream={stream} findings={findings} onChange={change} />
          <TextInput
            label="Title"
            description="Optional, for authors: shown in this list, and the name of the answer in tokens"
            placeholder={card.kind === "question" || card.kind === "info_capture" ? "Interest" : undefined}
            value={card.title ?? ""}
            error={errorAt(findings, "title")}
            onChange={(event) => {
              const { title: _, ...rest } = card;
              const title = event.currentTarget.value;
              change(title === "" ? (rest as Card) : { ...card, title }, "title");
            }}
          />
        </Stack>
      </fieldset>
    </section>
  );
}

function KindEditor({ card, ...rest }: KindEditorProps<Card>) {
  switch (card.kind) {
    case "question":
      return <QuestionEditor card={card} {...rest} />;
    case "info_capture":
      return <FormEditor card={card} {...rest} />;
    case "message":
      return (
        <>
          <TextEditor
            label="Says"
            value={card.text}
            stream={rest.stream}
            error={errorAt(rest.findings, "text")}
            onChange={(text) => rest.onChange({ ...card, text }, "text")}
          />
          <NextSelect
            label="Then"
            value={card.next}
            stream={rest.stream}
            self={card.id}
            error={errorAt(rest.findings, "next")}
            onChange={(next) => rest.onChange({ ...card, next })}
          />
        </>
      );
    case "goal":
      return (
        <>
          <TextInput
            label="Goal"
            description="Goals with the same name are counted together, across dialogues"
            placeholder="Demo requested"
            value={card.goal}
            error={errorAt(rest.findings, "goal")}
            onChange={(event) => rest.onChange({ ...card, goal: event.currentTarget.value }, "goal")}
          />
          <NextSelect
            label="Then"
            value={card.next}
            stream={rest.stream}
            self={card.id}
            error={errorAt(rest.findings, "next")}
            onChange={(next) => rest.onChange({ ...card, next })}
          />
        </>
      );
  }
}

/** What was found and stands beside no field. */
function General({ findings }: { findings: CardFindings }) {
  const errors = elsewhere(findings.errors, SHOWN);
  const warnings = elsewhere(findings.warnings, SHOWN);
  if (errors.length + warnings.length === 0) return null;
  return (
    <Alert color={errors.length > 0 ? "red" : "yellow"} py="xs">
      {[...errors, ...warnings].map((one) => (
        <div key={one.field + one.message}>{one.message}</div>
      ))}
    </Alert>
  );
}
