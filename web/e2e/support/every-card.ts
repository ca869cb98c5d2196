import { type Api, words } from "./api.ts";
import { pdf } from "./pdf.ts";
import type { Server } from "./server.ts";

/** What an answer card may say. */
export const ANSWER = {
  question: "Which colours does the lid have?",
  says: "Red, blue and white.",
  source: "Data sheet",
};

/** A document of three pages in the library; its id. */
export async function guide(demo: Server): Promise<string> {
  const sent = await fetch(`${demo.url}/api/v1/documents?name=Short%20guide`, {
    method: "POST",
    headers: { authorization: `Bearer ${demo.tokens[0]?.token}`, "content-type": "application/pdf" },
    body: pdf(3) as BodyInit,
  });
  if (!sent.ok) throw new Error(`the document was not taken: ${sent.status}`);
  return ((await sent.json()) as { id: string }).id;
}

/** An approved response with a source. */
export async function approvedAnswer(api: Api): Promise<void> {
  await api.ok("POST", "/responses", {
    question: ANSWER.question,
    variants: ["Lid colours?"],
    answer: words(ANSWER.says),
    topics: ["Sensors"],
    links: [{ title: ANSWER.source, url: "https://example.com/data-sheet" }],
    state: "approved",
  });
}

const field = (id: string, type: string, label: string, more: object = {}) => ({
  id,
  type,
  label,
  overwrite: "always",
  ...more,
});

/** One card of each kind that waits for the visitor: choices and free text, every sort of field, a document, answers. */
export const everyCard = (document: string) => ({
  start: "ask",
  cards: [
    {
      id: "ask",
      kind: "question",
      text: words("What brings you here?"),
      style: "buttons",
      responses: [
        { id: "look", label: "Looking round", next: "which" },
        { id: "buy", label: "Buying", next: "which" },
      ],
      free_text: { next: "which" },
    },
    {
      id: "which",
      kind: "question",
      text: words("Which of these is nearest?"),
      style: "list",
      responses: [
        { id: "few", label: "Fewer than a hundred pallets a month", next: "form" },
        { id: "many", label: "More than that", next: "form" },
      ],
    },
    {
      id: "form",
      kind: "info_capture",
      text: words("Tell us about yourself."),
      skip_if_known: false,
      required: false,
      fields: [
        field("name", "text", "Name", { placeholder: "As on your card" }),
        field("email", "email", "E-mail"),
        field("phone", "phone", "Telephone"),
        field("pallets", "number", "Pallets a month"),
        field("start", "date", "When to begin"),
        field("site", "url", "Website"),
        field("plan", "picklist", "Plan", { options: ["Start", "Grow"] }),
        field("more", "long_text", "Anything else"),
        field("agrees", "consent", "I agree to be written to"),
      ],
      next: "guide",
    },
    {
      id: "guide",
      kind: "document",
      text: words("Our short guide."),
      document,
      continue_label: "I have seen it",
      next: "answers",
    },
    {
      id: "answers",
      kind: "ai_answer",
      text: words("Ask me anything about the sensors."),
      questions: 3,
      fallback: words("I do not know that, and have noted it."),
      next: "bye",
      not_answered: "bye",
    },
    { id: "bye", kind: "message", text: words("Goodbye."), next: null },
  ],
});
