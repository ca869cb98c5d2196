/** Reads cards from JSON that anybody may have written: what does not fit is left out or takes its usual value. */
import type {
  Action,
  BranchCase,
  Card,
  CardKind,
  Field,
  FieldType,
  MomentType,
  Next,
  Overwrite,
  QuestionResponse,
  RichText,
  Routing,
} from "@usher/api";
import { EMPTY_TEXT, FIELD_LABELS, freshCard, MAX_CASES, MAX_FIELDS, MAX_RESPONSES } from "./cards.ts";
import { readCriteriaTree } from "./criteria.ts";
import { KIND_NAMES } from "./facts.ts";
import type { Layout } from "./layout.ts";
import { fromMarks } from "./marks.ts";
import { readRichText } from "./rich-text.ts";

type Json = Record<string, unknown>;

/** The card in the value; null when it is none. */
export function readCard(value: unknown): Card | null {
  if (!isObject(value) || typeof value.kind !== "string" || !(value.kind in KIND_NAMES)) return null;
  if (typeof value.id !== "string" || !/^[a-z0-9_-]{1,40}$/.test(value.id)) return null;
  const card = contentOf(value, freshCard(value.kind as CardKind, value.id, null));
  const title = words(value.title);
  return title === undefined ? card : { ...card, title };
}

/** Places by id, as far as they are any. */
export function readPlaces(value: unknown): Layout {
  if (!isObject(value)) return {};
  const places = Object.entries(value).flatMap(([id, at]) =>
    isObject(at) && typeof at.x === "number" && typeof at.y === "number"
      ? [[id, { x: at.x, y: at.y }] as const]
      : [],
  );
  return Object.fromEntries(places);
}

function contentOf(from: Json, card: Card): Card {
  switch (card.kind) {
    case "message":
      return { ...card, text: text(from.text), next: next(from.next) };
    case "question":
      return readQuestion(from, card);
    case "info_capture":
      return {
        ...card,
        text: text(from.text),
        fields: items(from.fields, MAX_FIELDS, readField),
        skip_if_known: flag(from.skip_if_known, card.skip_if_known),
        required: flag(from.required, card.required),
        next: next(from.next),
      };
    case "document":
      return {
        ...card,
        text: text(from.text),
        document: words(from.document) ?? null,
        ...optional("continue_label", words(from.continue_label)),
        next: next(from.next),
      };
    case "meeting":
      return {
        ...card,
        text: text(from.text),
        routing: readRouting(from.routing),
        ...optional("save_agent_name", words(from.save_agent_name)),
        ...optional("save_agent_email", words(from.save_agent_email)),
        ...optional("fallback", from.fallback === undefined ? undefined : text(from.fallback)),
        booked: next(from.booked),
        not_booked: next(from.not_booked),
      };
    case "live_chat":
      return {
        ...card,
        text: text(from.text),
        routing: readRouting(from.routing),
        ...optional("any_available_agent", from.any_available_agent === true ? true : undefined),
        ...optional("fallback", from.fallback === undefined ? undefined : text(from.fallback)),
      };
    case "goal":
      return { ...card, goal: words(from.goal) ?? "", next: next(from.next) };
    case "action":
      return { ...card, actions: items(from.actions, 20, readAction), next: next(from.next) };
    case "branch":
      return {
        ...card,
        cases: items(from.cases, MAX_CASES, readCase),
        otherwise: next(from.otherwise),
      };
    case "flow":
      return { ...card, flow: words(from.flow) ?? null, next: next(from.next) };
    case "ai_answer":
      return readAiAnswer(from, card);
    case "jump":
      return { ...card, to: next(from.to) };
  }
}

function readQuestion(from: Json, card: Extract<Card, { kind: "question" }>): Card {
  const typed = isObject(from.free_text) ? { next: next(from.free_text.next) } : undefined;
  const attribute = words(from.attribute);
  return {
    ...card,
    text: text(from.text),
    style: from.style === "list" ? "list" : "buttons",
    responses: items(from.responses, MAX_RESPONSES, readResponse),
    ...optional("free_text", typed),
    ...optional("attribute", attribute),
    ...optional("overwrite", attribute === undefined ? undefined : overwrite(from.overwrite)),
  };
}

function readAiAnswer(from: Json, card: Extract<Card, { kind: "ai_answer" }>): Card {
  const asked = typeof from.questions === "number" ? Math.round(from.questions) : card.questions;
  const topics = items(from.topics, 50, words);
  return {
    ...card,
    text: text(from.text),
    ...optional("follow_up", from.follow_up === undefined ? undefined : text(from.follow_up)),
    questions: Math.max(1, Math.min(5, asked)),
    ...optional("instructions", words(from.instructions)),
    ...optional("topics", topics.length === 0 ? undefined : topics),
    fallback: text(from.fallback),
    next: next(from.next),
    not_answered: next(from.not_answered),
  };
}

function readResponse(value: unknown): QuestionResponse | undefined {
  if (!isObject(value) || typeof value.id !== "string") return undefined;
  return {
    id: value.id,
    label: words(value.label) ?? "",
    ...optional("stored_value", words(value.stored_value)),
    next: next(value.next),
  };
}

function readField(value: unknown): Field | undefined {
  if (!isObject(value) || typeof value.id !== "string") return undefined;
  if (typeof value.type !== "string" || !(value.type in FIELD_LABELS)) return undefined;
  const refuse = items(value.refuse, 2, (one) =>
    one === "free" || one === "disposable" ? (one as "free" | "disposable") : undefined,
  );
  return {
    id: value.id,
    type: value.type as FieldType,
    label: words(value.label) ?? "",
    ...optional("placeholder", words(value.placeholder)),
    ...optional("options", value.type === "picklist" ? items(value.options, 200, words) : undefined),
    ...optional("attribute", words(value.attribute)),
    overwrite: overwrite(value.overwrite),
    ...optional("validation_message", words(value.validation_message)),
    ...optional("refuse", refuse.length === 0 ? undefined : refuse),
  };
}

function readCase(value: unknown): BranchCase | undefined {
  if (!isObject(value) || typeof value.id !== "string") return undefined;
  const criteria = readCriteriaTree(value.criteria) ?? { all: [] };
  return { id: value.id, name: words(value.name) ?? "", criteria, next: next(value.next) };
}

function readAction(value: unknown): Action | undefined {
  if (!isObject(value)) return undefined;
  switch (value.do) {
    case "set_attribute":
      return {
        do: value.do,
        attribute: words(value.attribute) ?? "",
        value: words(value.value) ?? "",
        overwrite: overwrite(value.overwrite),
      };
    case "add_to_list":
    case "remove_from_list":
      return { do: value.do, list: words(value.list) ?? null };
    case "change_score":
      return { do: value.do, by: typeof value.by === "number" ? Math.round(value.by) : 0 };
    case "interesting_moment": {
      const moment = MOMENTS.find((one) => one === value.moment) ?? "web";
      return { do: value.do, moment, text: words(value.text) ?? "" };
    }
    case "call_webhook":
      return { do: value.do, url: words(value.url) ?? "" };
    default:
      return undefined;
  }
}

const MOMENTS: readonly MomentType[] = ["email", "web", "milestone"];

function readRouting(value: unknown): Routing {
  if (!isObject(value)) return { by: "round_robin" };
  if (value.by === "custom_rules") return { by: "custom_rules" };
  if (value.by === "agent") return { by: "agent", agent: words(value.agent) ?? null };
  if (value.by === "team") return { by: "team", team: words(value.team) ?? null };
  return { by: "round_robin" };
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const words = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const next = (value: unknown): Next => words(value) ?? null;
const flag = (value: unknown, usual: boolean) => (typeof value === "boolean" ? value : usual);
const overwrite = (value: unknown): Overwrite => (value === "if_empty" ? "if_empty" : "always");
const text = (value: unknown): RichText =>
  typeof value === "string" ? fromMarks(value) : (readRichText(value) ?? EMPTY_TEXT);

function items<T>(value: unknown, most: number, read: (one: unknown) => T | undefined): T[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, most).flatMap((one) => {
    const item = read(one);
    return item === undefined ? [] : [item];
  });
}

function optional<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]?: V });
}
