import { Button, SegmentedControl, Stack, Switch, Text } from "@mantine/core";
import type { QuestionCard, QuestionResponse } from "@usher/api";
import { freshResponse, MAX_RESPONSES, MIN_RESPONSES } from "@usher/stream";
import { PlusIcon } from "#lib/ui/icons.ts";
import { errorAt, warningAt } from "../draft/findings.ts";
import { AttributeSelect } from "./AttributeSelect.tsx";
import { CardText } from "./CardText.tsx";
import type { KindEditorProps } from "./kind-editors.ts";
import { NextSelect } from "./NextSelect.tsx";
import { OverwriteControl } from "./OverwriteControl.tsx";
import classes from "./panel.module.css";
import { ResponseRow } from "./ResponseRow.tsx";
import { movedTo } from "./RowTools.tsx";

/** A question, its responses, and where each leads. */
export function QuestionEditor({ card, findings, onChange }: KindEditorProps<QuestionCard>) {
  const { responses } = card;
  const setResponses = (next: QuestionResponse[], field?: string) =>
    onChange({ ...card, responses: next }, field);
  const last = responses.at(-1)?.next ?? null;
  return (
    <>
      <CardText
        label="Asks"
        value={card.text}
        error={errorAt(findings, "text")}
        onChange={(text) => onChange({ ...card, text }, "text")}
      />
      <section aria-label="Responses">
        <div className={classes.sectionHead}>
          <h3 className={classes.label}>Responses</h3>
          <SegmentedControl
            size="xs"
            aria-label="How the responses look"
            data={[
              { value: "buttons", label: "Buttons" },
              { value: "list", label: "List" },
            ]}
            value={card.style}
            onChange={(style) => onChange({ ...card, style: style as QuestionCard["style"] })}
          />
        </div>
        {errorAt(findings, "responses") && responses.length < MIN_RESPONSES ? (
          <Text size="xs" c="var(--mantine-color-error)">
            {errorAt(findings, "responses")}
          </Text>
        ) : null}
        <ul className={classes.responses}>
          {responses.map((response, index) => (
            <ResponseRow
              key={response.id}
              response={response}
              index={index}
              count={responses.length}
              card={card}
              findings={findings}
              onChange={(next, field) =>
                setResponses(responses.with(index, next), field && `${response.id} ${field}`)
              }
              onMove={(to) => setResponses(movedTo(responses, index, to))}
              onRemove={() => setResponses(responses.toSpliced(index, 1))}
            />
          ))}
        </ul>
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<PlusIcon size={14} />}
          disabled={responses.length >= MAX_RESPONSES}
          onClick={() => setResponses([...responses, freshResponse(responses, last)])}
        >
          Response
        </Button>
      </section>
      <Stack gap="xs">
        <Switch
          label="Typed text is an answer, too"
          description="Otherwise text that fits no response is not taken"
          checked={card.free_text !== undefined}
          onChange={(event) => {
            const { free_text: _, ...rest } = card;
            onChange(event.currentTarget.checked ? { ...card, free_text: { next: last } } : rest);
          }}
        />
        {card.free_text ? (
          <NextSelect
            label="After typed text"
            value={card.free_text.next}
            self={card.id}
            error={errorAt(findings, "free_text/next")}
            warning={warningAt(findings, "free_text/next")}
            onChange={(next) => onChange({ ...card, free_text: { next } })}
          />
        ) : null}
      </Stack>
      <AttributeSelect
        value={card.attribute}
        error={errorAt(findings, "attribute")}
        onChange={(attribute) => {
          const { attribute: _, overwrite: __, ...rest } = card;
          onChange(
            attribute === undefined ? rest : { ...rest, attribute, overwrite: card.overwrite ?? "always" },
          );
        }}
      />
      {card.attribute === undefined ? null : (
        <OverwriteControl
          value={card.overwrite ?? "always"}
          onChange={(overwrite) => onChange({ ...card, overwrite })}
        />
      )}
    </>
  );
}
