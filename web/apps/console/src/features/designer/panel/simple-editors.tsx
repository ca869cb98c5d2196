/** The editors of cards with few fields. */
import { NumberInput, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import type {
  AiAnswerCard,
  DocumentCard,
  FlowCard,
  GoalCard,
  JumpCard,
  LiveChatCard,
  MeetingCard,
  MessageCard,
} from "@usher/api";
import { MAX_QUESTIONS } from "@usher/stream";
import { errorAt, warningAt } from "../draft/findings.ts";
import { AttributeSelect } from "./AttributeSelect.tsx";
import { CardText } from "./CardText.tsx";
import { GoalField } from "./GoalField.tsx";
import { type KindEditorProps, withOptional } from "./kind-editors.ts";
import { DocumentSelect, FlowSelect } from "./library.tsx";
import { NextSelect } from "./NextSelect.tsx";
import { OptionalText } from "./OptionalText.tsx";
import { RoutingField } from "./RoutingField.tsx";

/** Where a card with one way on leads. */
export function Then<C extends MessageCard | DocumentCard | GoalCard | FlowCard>(props: KindEditorProps<C>) {
  const { card, findings, onChange } = props;
  return (
    <NextSelect
      label="Then"
      value={card.next}
      self={card.id}
      error={errorAt(findings, "next")}
      warning={warningAt(findings, "next")}
      onChange={(next) => onChange({ ...card, next })}
    />
  );
}

export function MessageEditor(props: KindEditorProps<MessageCard>) {
  const { card, findings, onChange } = props;
  return (
    <>
      <CardText
        label="Says"
        value={card.text}
        error={errorAt(findings, "text")}
        onChange={(text) => onChange({ ...card, text }, "text")}
      />
      <Then {...props} />
    </>
  );
}

export function DocumentEditor(props: KindEditorProps<DocumentCard>) {
  const { card, findings, onChange } = props;
  return (
    <>
      <CardText
        label="Says"
        value={card.text}
        error={errorAt(findings, "text")}
        onChange={(text) => onChange({ ...card, text }, "text")}
      />
      <DocumentSelect
        value={card.document}
        error={errorAt(findings, "document")}
        onChange={(document) => onChange({ ...card, document })}
      />
      <TextInput
        label="Button to go on"
        placeholder="Continue, in the visitor's language"
        dir="auto"
        value={card.continue_label ?? ""}
        error={errorAt(findings, "continue_label")}
        onChange={(event) =>
          onChange(
            withOptional(card, "continue_label", event.currentTarget.value || undefined),
            "continue_label",
          )
        }
      />
      <Then {...props} />
    </>
  );
}

export function MeetingEditor({ card, findings, onChange }: KindEditorProps<MeetingCard>) {
  return (
    <>
      <CardText
        label="Says"
        value={card.text}
        error={errorAt(findings, "text")}
        onChange={(text) => onChange({ ...card, text }, "text")}
      />
      <RoutingField
        value={card.routing}
        findings={findings}
        onChange={(routing) => onChange({ ...card, routing })}
      />
      <NextSelect
        label="After a booking"
        value={card.booked}
        self={card.id}
        error={errorAt(findings, "booked")}
        warning={warningAt(findings, "booked")}
        onChange={(booked) => onChange({ ...card, booked })}
      />
      <NextSelect
        label="When nothing is booked"
        value={card.not_booked}
        self={card.id}
        error={errorAt(findings, "not_booked")}
        warning={warningAt(findings, "not_booked")}
        onChange={(not_booked) => onChange({ ...card, not_booked })}
      />
      <AttributeSelect
        label="Keep the agent's name in"
        placeholder="Nowhere"
        types={["text"]}
        value={card.save_agent_name}
        error={errorAt(findings, "save_agent_name")}
        onChange={(attribute) => onChange(withOptional(card, "save_agent_name", attribute))}
      />
      <AttributeSelect
        label="Keep the agent's e-mail address in"
        placeholder="Nowhere"
        types={["text", "email"]}
        value={card.save_agent_email}
        error={errorAt(findings, "save_agent_email")}
        onChange={(attribute) => onChange(withOptional(card, "save_agent_email", attribute))}
      />
      <OptionalText
        label="Words of its own when nobody can be booked"
        description="Otherwise the site's"
        textLabel="Nobody can be booked"
        value={card.fallback}
        error={errorAt(findings, "fallback")}
        onChange={(text) => onChange(withOptional(card, "fallback", text), "fallback")}
      />
    </>
  );
}

export function LiveChatEditor({ card, findings, onChange }: KindEditorProps<LiveChatCard>) {
  return (
    <>
      <CardText
        label="Says"
        description="While somebody is fetched. A live chat ends its branch."
        value={card.text}
        error={errorAt(findings, "text")}
        onChange={(text) => onChange({ ...card, text }, "text")}
      />
      <RoutingField
        value={card.routing}
        findings={findings}
        onChange={(routing) => onChange({ ...card, routing })}
      />
      <Switch
        label="Otherwise any available agent"
        description="When nobody is found by the way above"
        checked={card.any_available_agent === true}
        onChange={(event) =>
          onChange(withOptional(card, "any_available_agent", event.currentTarget.checked || undefined))
        }
      />
      <OptionalText
        label="Words of its own when nobody takes the chat"
        description="Otherwise the site's"
        textLabel="Nobody takes the chat"
        value={card.fallback}
        error={errorAt(findings, "fallback")}
        onChange={(text) => onChange(withOptional(card, "fallback", text), "fallback")}
      />
    </>
  );
}

export function GoalEditor(props: KindEditorProps<GoalCard>) {
  const { card, findings, onChange } = props;
  return (
    <>
      <GoalField
        value={card.goal}
        error={errorAt(findings, "goal")}
        onChange={(goal) => onChange({ ...card, goal }, "goal")}
      />
      <Then {...props} />
    </>
  );
}

export function FlowEditor(props: KindEditorProps<FlowCard>) {
  const { card, findings, onChange } = props;
  return (
    <>
      <FlowSelect
        value={card.flow}
        error={errorAt(findings, "flow")}
        onChange={(flow) => onChange({ ...card, flow })}
      />
      <Then {...props} />
    </>
  );
}

export function AiAnswerEditor({ card, findings, onChange }: KindEditorProps<AiAnswerCard>) {
  return (
    <>
      <CardText
        label="Asks"
        description="The invitation to ask anything; answers come from approved responses only"
        value={card.text}
        error={errorAt(findings, "text")}
        onChange={(text) => onChange({ ...card, text }, "text")}
      />
      <NumberInput
        label="Questions it takes"
        min={1}
        max={MAX_QUESTIONS}
        clampBehavior="strict"
        allowDecimal={false}
        w={160}
        value={card.questions}
        error={errorAt(findings, "questions")}
        onChange={(value) =>
          typeof value === "number" && onChange({ ...card, questions: value }, "questions")
        }
      />
      <OptionalText
        label="Other words before a further question"
        description="Otherwise the invitation again"
        textLabel="Before a further question"
        value={card.follow_up}
        error={errorAt(findings, "follow_up")}
        onChange={(text) => onChange(withOptional(card, "follow_up", text), "follow_up")}
      />
      <CardText
        label="Says when it has no answer"
        value={card.fallback}
        error={errorAt(findings, "fallback")}
        onChange={(fallback) => onChange({ ...card, fallback }, "fallback")}
      />
      <NextSelect
        label="After the answers"
        value={card.next}
        self={card.id}
        error={errorAt(findings, "next")}
        warning={warningAt(findings, "next")}
        onChange={(next) => onChange({ ...card, next })}
      />
      <NextSelect
        label="When it has no answer"
        value={card.not_answered}
        self={card.id}
        error={errorAt(findings, "not_answered")}
        warning={warningAt(findings, "not_answered")}
        onChange={(not_answered) => onChange({ ...card, not_answered })}
      />
      <TagsInput
        label="Topics"
        description="Only responses with one of these topics are used; all when there is none"
        value={card.topics ?? []}
        onChange={(topics) =>
          onChange(withOptional(card, "topics", topics.length === 0 ? undefined : topics))
        }
      />
      <Textarea
        label="Instructions"
        description="For the language model, where one is set up"
        autosize
        minRows={2}
        maxRows={8}
        dir="auto"
        value={card.instructions ?? ""}
        error={errorAt(findings, "instructions")}
        onChange={(event) =>
          onChange(withOptional(card, "instructions", event.currentTarget.value || undefined), "instructions")
        }
      />
    </>
  );
}

export function JumpEditor({ card, findings, onChange }: KindEditorProps<JumpCard>) {
  return (
    <NextSelect
      label="Goes on at"
      value={card.to}
      self={card.id}
      error={errorAt(findings, "to")}
      warning={warningAt(findings, "to")}
      onChange={(to) => onChange({ ...card, to })}
    />
  );
}
