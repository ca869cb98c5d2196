/** Fresh cards, responses and fields, and ids that nothing else in the stream has. */
import type {
  BranchCase,
  Card,
  CardKind,
  Field,
  FieldType,
  Next,
  QuestionResponse,
  RichText,
  Stream,
} from "@usher/api";

/** The most cards, responses and fields that the server accepts. */
export const MAX_CARDS = 500;
export const MAX_RESPONSES = 20;
export const MIN_RESPONSES = 2;
export const MAX_FIELDS = 10;
export const MAX_ACTIONS = 20;
export const MAX_CASES = 20;
export const MAX_QUESTIONS = 5;

export const EMPTY_TEXT: RichText = { blocks: [] };

/** The first free one of `prefix-1`, `prefix-2`, … */
export function freshId(prefix: string, taken: Iterable<string>): string {
  const used = new Set(taken);
  for (let number = 1; ; number += 1) {
    const id = `${prefix}-${number}`;
    if (!used.has(id)) return id;
  }
}

const PREFIXES: Record<CardKind, string> = {
  message: "message",
  question: "question",
  info_capture: "form",
  document: "document",
  meeting: "meeting",
  live_chat: "live-chat",
  goal: "goal",
  action: "action",
  branch: "branch",
  flow: "flow",
  ai_answer: "ai-answer",
  jump: "jump",
};

export function freshCardId(stream: Stream, kind: CardKind): string {
  return freshId(
    PREFIXES[kind],
    stream.cards.map((card) => card.id),
  );
}

export function freshResponse(responses: readonly QuestionResponse[], next: Next): QuestionResponse {
  return {
    id: freshId(
      "response",
      responses.map((one) => one.id),
    ),
    label: "",
    next,
  };
}

export function freshCase(cases: readonly BranchCase[], next: Next): BranchCase {
  const id = freshId(
    "case",
    cases.map((one) => one.id),
  );
  return { id, name: `Case ${cases.length + 1}`, criteria: { all: [] }, next };
}

export const FIELD_LABELS: Record<FieldType, string> = {
  text: "Text",
  long_text: "Long text",
  email: "E-mail",
  phone: "Phone",
  number: "Number",
  date: "Date",
  url: "Web address",
  picklist: "Picklist",
  consent: "Consent",
};

export function freshField(fields: readonly Field[], type: FieldType): Field {
  const id = freshId(
    "field",
    fields.map((one) => one.id),
  );
  const base: Field = { id, type, label: FIELD_LABELS[type], overwrite: "always" };
  return withType(base, type);
}

/** The field with another type; what belongs to the old type only is dropped. */
export function withType(field: Field, type: FieldType): Field {
  const { options, refuse, ...rest } = field;
  const label = field.label === FIELD_LABELS[field.type] ? FIELD_LABELS[type] : field.label;
  const next: Field = { ...rest, type, label };
  if (type === "picklist") next.options = options ?? [];
  if (type === "email") {
    if (refuse !== undefined) next.refuse = refuse;
    next.attribute = "person.email";
  } else if (field.attribute === "person.email") {
    delete next.attribute;
  }
  if (type === "consent") delete next.placeholder;
  return next;
}

/** A new card that leads to `next` by all its ways. */
export function freshCard(kind: CardKind, id: string, next: Next): Card {
  switch (kind) {
    case "message":
      return { id, kind, text: EMPTY_TEXT, next };
    case "question": {
      const first = freshResponse([], next);
      return {
        id,
        kind,
        text: EMPTY_TEXT,
        style: "buttons",
        responses: [first, freshResponse([first], next)],
      };
    }
    case "info_capture":
      return {
        id,
        kind,
        text: EMPTY_TEXT,
        fields: [freshField([], "email")],
        skip_if_known: true,
        required: true,
        next,
      };
    case "goal":
      return { id, kind, goal: "", next };
    case "document":
      return { id, kind, text: EMPTY_TEXT, document: null, next };
    case "meeting":
      return {
        id,
        kind,
        text: EMPTY_TEXT,
        routing: { by: "round_robin" },
        booked: next,
        not_booked: next,
      };
    case "live_chat":
      return { id, kind, text: EMPTY_TEXT, routing: { by: "round_robin" } };
    case "action":
      return { id, kind, actions: [], next };
    case "branch":
      return { id, kind, cases: [freshCase([], next)], otherwise: next };
    case "flow":
      return { id, kind, flow: null, next };
    case "ai_answer":
      return {
        id,
        kind,
        text: EMPTY_TEXT,
        questions: 3,
        fallback: EMPTY_TEXT,
        next,
        not_answered: next,
      };
    case "jump":
      return { id, kind, to: next };
  }
}
