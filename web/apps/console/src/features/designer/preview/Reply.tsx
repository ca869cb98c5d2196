import { Anchor, Button, Group, Stack, TextInput } from "@mantine/core";
import type { AnswerInput, Waiting } from "@usher/api";
import { useState } from "react";
import { SendIcon } from "#lib/ui/icons.ts";
import { useDesign } from "../design.ts";
import { ReplyForm } from "./ReplyForm.tsx";

type Answer = (input: AnswerInput) => void;

/** What a visitor could do now. */
export function Reply({ waiting }: { waiting: Waiting }) {
  const { preview } = useDesign();
  const answer: Answer = (input) => preview.send({ answer: { card_id: waiting.card_id, input } });
  return (
    <fieldset disabled={preview.busy} style={{ all: "unset", display: "block" }} aria-label="Your answer">
      <Choices waiting={waiting} answer={answer} />
    </fieldset>
  );
}

function Choices({ waiting, answer }: { waiting: Waiting; answer: Answer }) {
  switch (waiting.kind) {
    case "question":
      return (
        <Stack gap="xs">
          <Group gap="xs">
            {waiting.responses.map((one) => (
              <Button
                key={one.id}
                variant="default"
                onClick={() => answer({ kind: "response", response_id: one.id })}
              >
                <span dir="auto">{one.label || "…"}</span>
              </Button>
            ))}
          </Group>
          {waiting.allow_text ? <Typed label="Or something else" answer={answer} /> : null}
        </Stack>
      );
    case "info":
      return <ReplyForm fields={waiting.fields} skippable={waiting.skippable} answer={answer} />;
    case "document":
      return (
        <Group gap="xs">
          {waiting.document === null ? null : (
            <Anchor href={waiting.document.url} target="_blank" rel="noopener noreferrer" size="sm">
              {waiting.document.name}
            </Anchor>
          )}
          <Button onClick={() => answer({ kind: "continue" })}>{waiting.continue_label ?? "Continue"}</Button>
        </Group>
      );
    case "ai_answer":
      return (
        <Stack gap="xs">
          <Typed label={`A question; ${waiting.questions_left} left`} answer={answer} />
          <Button variant="default" onClick={() => answer({ kind: "skip" })}>
            No more questions
          </Button>
        </Stack>
      );
  }
}

function Typed({ label, answer }: { label: string; answer: Answer }) {
  const [text, setText] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") answer({ kind: "text", text });
      }}
    >
      <Group gap="xs" wrap="nowrap" align="flex-end">
        <TextInput
          flex={1}
          aria-label={label}
          placeholder={label}
          value={text}
          dir="auto"
          autoComplete="off"
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" aria-label="Send" px="sm">
          <SendIcon size={16} />
        </Button>
      </Group>
    </form>
  );
}
