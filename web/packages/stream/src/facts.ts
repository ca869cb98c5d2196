/** What a card says and does, as named lines of plain text: for search, for comparing versions, for names. */
import type { Action, Card, CardKind, Field, Next, RichText, Routing } from "@usher/api";
import { FIELD_LABELS } from "./cards.ts";
import { exitsOf } from "./links.ts";

/** One line about a card. */
export interface Fact {
  /** The same fact of two versions of a card has the same key. */
  key: string;
  label: string;
  value: string;
  /** What is compared instead of the value, where that is a name that may change by itself. */
  raw?: string;
  /** What it is: words that people read, where the card leads, or how it is set. */
  about: "words" | "way" | "setting";
}

export const KIND_NAMES: Record<CardKind, string> = {
  message: "Message",
  question: "Question",
  info_capture: "Form",
  document: "Document",
  meeting: "Meeting",
  live_chat: "Live chat",
  goal: "Goal",
  action: "Action",
  branch: "Branch",
  flow: "Flow",
  ai_answer: "AI answer",
  jump: "Jump",
};

export function textOf(text: RichText): string {
  const line = (spans: { text: string }[]) => spans.map((span) => span.text).join("");
  return text.blocks
    .map((block) => (block.type === "paragraph" ? line(block.spans) : block.items.map(line).join("\n")))
    .join("\n");
}

/** The card's title, or the beginning of what it says or does. */
export function cardName(card: Card): string {
  const title = card.title?.trim();
  if (title) return title;
  const words = gist(card).replaceAll(/\s+/g, " ").trim();
  return words.length > 80 ? `${words.slice(0, 79)}…` : words;
}

/** What it says or does, without the title: what tells the card from others of its kind. */
export function gist(card: Card): string {
  switch (card.kind) {
    case "goal":
      return card.goal;
    case "action":
      return card.actions.map(actionWords).join(", ");
    case "branch":
      return card.cases.map((one) => one.name).join(" / ");
    case "flow":
    case "jump":
      return "";
    default:
      return textOf(card.text);
  }
}

/** An action in a few words. */
export function actionWords(action: Action): string {
  switch (action.do) {
    case "set_attribute":
      return action.attribute === ""
        ? "Set an attribute"
        : `Set ${action.attribute} to ${action.value || "…"}`;
    case "add_to_list":
      return "Add to a list";
    case "remove_from_list":
      return "Remove from a list";
    case "change_score":
      return `Score ${action.by > 0 ? "+" : ""}${action.by}`;
    case "interesting_moment":
      return `Moment: ${action.text || "…"}`;
    case "call_webhook":
      return action.url === "" ? "Call a webhook" : `Call ${action.url}`;
  }
}

/** Everything about the card; `nameOf` says how a card is called to which it leads. */
export function factsOf(card: Card, nameOf: (next: Next) => string): Fact[] {
  const ways = exitsOf(card).map(
    (exit): Fact => ({
      key: exit.field,
      label: exit.label === "" ? "Then" : `After “${exit.label}”`,
      value: nameOf(exit.next),
      raw: exit.next ?? "",
      about: "way",
    }),
  );
  const title = card.title ? [setting("title", "Title", card.title)] : [];
  return [...title, ...contentFacts(card), ...ways].filter((fact) => fact.value !== "");
}

/** Words that a visitor or an author reads on the card. */
export function wordsOf(card: Card): string[] {
  const own = contentFacts(card).filter((fact) => fact.about === "words");
  return [card.title ?? "", ...own.map((fact) => fact.value)].filter((words) => words !== "");
}

const words = (key: string, label: string, value: string | undefined): Fact => ({
  key,
  label,
  value: value ?? "",
  about: "words",
});
const rich = (key: string, label: string, value: RichText | undefined): Fact =>
  words(key, label, value && textOf(value));
const setting = (key: string, label: string, value: string | undefined): Fact => ({
  key,
  label,
  value: value ?? "",
  about: "setting",
});
const when = (key: string, label: string, holds: boolean | undefined): Fact =>
  setting(key, label, holds === true ? "yes" : "");

function contentFacts(card: Card): Fact[] {
  switch (card.kind) {
    case "message":
      return [rich("text", "Says", card.text)];
    case "question":
      return [
        rich("text", "Asks", card.text),
        ...card.responses.flatMap((one, index) => [
          words(`responses/${one.id}`, `Response ${index + 1}`, one.label),
          setting(`stored/${one.id}`, `Stored for response ${index + 1}`, one.stored_value),
        ]),
        setting("style", "Shown as", card.style),
        ...kept(card.attribute, card.overwrite),
      ];
    case "info_capture":
      return [
        rich("text", "Asks", card.text),
        ...card.fields.flatMap(fieldFacts),
        when("skip_if_known", "Left out when all is known", card.skip_if_known),
        when("required", "Must be answered", card.required),
      ];
    case "document":
      return [
        rich("text", "Says", card.text),
        setting("document", "Document", card.document ?? ""),
        words("continue_label", "Button", card.continue_label),
      ];
    case "meeting":
      return [
        rich("text", "Says", card.text),
        routing(card.routing),
        setting("save_agent_name", "Keeps the agent's name in", card.save_agent_name),
        setting("save_agent_email", "Keeps the agent's address in", card.save_agent_email),
        rich("fallback", "When nobody can be booked", card.fallback),
      ];
    case "live_chat":
      return [
        rich("text", "Says", card.text),
        routing(card.routing),
        when("any_available_agent", "Otherwise any available agent", card.any_available_agent),
        rich("fallback", "When nobody takes the chat", card.fallback),
      ];
    case "goal":
      return [words("goal", "Goal", card.goal)];
    case "action":
      return card.actions.map((one, index) =>
        words(`actions/${index}`, `Action ${index + 1}`, `${actionWords(one)}${listOf(one)}`),
      );
    case "branch":
      return card.cases.flatMap((one, index) => [
        words(`cases/${one.id}`, `Case ${index + 1}`, one.name),
        setting(`criteria/${one.id}`, `Condition of “${one.name}”`, JSON.stringify(one.criteria)),
      ]);
    case "flow":
      return [setting("flow", "Flow", card.flow ?? "")];
    case "ai_answer":
      return [
        rich("text", "Asks", card.text),
        rich("follow_up", "Before a further question", card.follow_up),
        rich("fallback", "When there is no answer", card.fallback),
        setting("questions", "Questions", String(card.questions)),
        setting("topics", "Topics", card.topics?.join(", ")),
        setting("instructions", "Instructions", card.instructions),
      ];
    case "jump":
      return [];
  }
}

function fieldFacts(field: Field, index: number): Fact[] {
  const of = `fields/${field.id}`;
  const name = field.label || `field ${index + 1}`;
  return [
    words(of, `Field ${index + 1}`, field.label),
    setting(`${of}/type`, `Type of “${name}”`, FIELD_LABELS[field.type]),
    words(`${of}/placeholder`, `Placeholder of “${name}”`, field.placeholder),
    words(`${of}/options`, `Options of “${name}”`, field.options?.join("\n")),
    words(`${of}/message`, `Refusal of “${name}”`, field.validation_message),
    setting(`${of}/refuse`, `Refused by “${name}”`, field.refuse?.join(", ")),
    setting(`${of}/attribute`, `“${name}” is kept in`, field.attribute),
    setting(
      `${of}/overwrite`,
      `“${name}” replaces`,
      field.overwrite === "if_empty" ? "only what is empty" : "",
    ),
  ];
}

function kept(attribute: string | undefined, overwrite: string | undefined): Fact[] {
  return [
    setting("attribute", "Kept in", attribute),
    setting("overwrite", "Replaces", overwrite === "if_empty" ? "only what is empty" : ""),
  ];
}

function routing(by: Routing): Fact {
  const whom = by.by === "agent" ? by.agent : by.by === "team" ? by.team : null;
  return setting("routing", "Goes to", [by.by.replaceAll("_", " "), whom].filter(Boolean).join(" "));
}

const listOf = (action: Action) => ("list" in action && action.list !== null ? ` ${action.list}` : "");
