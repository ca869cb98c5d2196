import type { Card, CardKind, Stream } from "@usher/api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { freshResponse, MAX_RESPONSES } from "./cards.ts";
import {
  addCard,
  duplicateCard,
  EMPTY_STREAM,
  isSound,
  moveCard,
  removeCard,
  setStart,
  updateCard,
} from "./edits.ts";
import { exitsOf, mapExits, reachable } from "./links.ts";

const KINDS: CardKind[] = ["message", "question", "info_capture", "goal"];

/** A line of cards, one after the other. */
function line(...kinds: CardKind[]): Stream {
  return kinds.reduce((stream, kind) => addCard(stream, kind, null).stream, EMPTY_STREAM);
}
const order = (stream: Stream) => stream.cards.map((card) => card.id);
const cardOf = (stream: Stream, id: string): Card => {
  const found = stream.cards.find((card) => card.id === id);
  if (found === undefined) throw new Error(`no card ${id}`);
  return found;
};
/** The order in which a visitor meets the cards of an unbranched stream. */
function walk(stream: Stream): string[] {
  const met: string[] = [];
  for (let id: string | null = stream.start; id !== null && !met.includes(id); ) {
    met.push(id);
    id = exitsOf(cardOf(stream, id))[0]?.next ?? null;
  }
  return met;
}

describe("edits", () => {
  it("puts a card between two others, in the order and in the conversation", () => {
    const { stream, id } = addCard(line("message", "message"), "goal", "message-1");
    expect(id).toBe("goal-1");
    expect(order(stream)).toEqual(["message-1", "goal-1", "message-2"]);
    expect(walk(stream)).toEqual(["message-1", "goal-1", "message-2"]);
  });

  it("lets a card below a question take up the branches that end there", () => {
    const asked = line("question", "message");
    const question = cardOf(asked, "question-1");
    if (question.kind !== "question") throw new Error("not a question");
    const parted = updateCard(asked, {
      ...question,
      responses: question.responses.map((one, index) => ({ ...one, next: index === 0 ? "message-1" : null })),
    });
    const { stream } = addCard(parted, "goal", "question-1");
    expect(exitsOf(cardOf(stream, "question-1")).map((exit) => exit.next)).toEqual(["message-1", "goal-1"]);
  });

  it("closes the gap when a card is removed", () => {
    const { stream, id } = removeCard(line("message", "goal", "message"), "goal-1");
    expect(walk(stream)).toEqual(["message-1", "message-2"]);
    expect(id).toBe("message-2");
  });

  it("starts with the next card when the first is removed, and with nothing when it was the last", () => {
    expect(removeCard(line("message", "goal"), "message-1").stream.start).toBe("goal-1");
    expect(removeCard(line("message"), "message-1").stream).toEqual(EMPTY_STREAM);
  });

  it("moves a card up and down in the conversation", () => {
    const three = line("message", "goal", "info_capture");
    expect(walk(moveCard(three, "form-1", 0))).toEqual(["form-1", "message-1", "goal-1"]);
    expect(walk(moveCard(three, "message-1", 2))).toEqual(["goal-1", "form-1", "message-1"]);
  });

  it("moves a card within its own branch of a question", () => {
    const branch = line("question", "message", "goal");
    const question = cardOf(branch, "question-1");
    if (question.kind !== "question") throw new Error("not a question");
    const responses = question.responses.map((one, index) => ({
      ...one,
      next: index === 0 ? "message-1" : null,
    }));
    const moved = moveCard(updateCard(branch, { ...question, responses }), "goal-1", 1);
    expect(exitsOf(cardOf(moved, "question-1")).map((exit) => exit.next)).toEqual(["goal-1", null]);
    expect(exitsOf(cardOf(moved, "goal-1"))[0]?.next).toBe("message-1");
  });

  it("gives a copy its own id and title", () => {
    const titled = line("message");
    const stream = updateCard(titled, { ...cardOf(titled, "message-1"), title: "Hello" } as Card);
    const copy = duplicateCard(stream, "message-1");
    expect(cardOf(copy.stream, copy.id ?? "").title).toBe("Hello-2");
    expect(walk(copy.stream)).toEqual(["message-1", "message-2"]);
  });

  it("ends a branch that would lead to a card that does not exist", () => {
    const stream = line("message");
    const lost = mapExits(cardOf(stream, "message-1"), () => "gone");
    expect(exitsOf(cardOf(updateCard(stream, lost), "message-1"))[0]?.next).toBeNull();
  });

  it("keeps every card reachable while a line is only added to and moved", () => {
    const step = fc.tuple(fc.nat(9), fc.nat(9));
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom<CardKind>("message", "goal", "info_capture"), { maxLength: 8 }),
        fc.array(step),
        (kinds, moves) => {
          let stream = line("message", ...kinds);
          for (const [card, to] of moves) {
            stream = moveCard(stream, stream.cards[card % stream.cards.length]?.id ?? "", to);
          }
          expect(reachable(stream).size).toBe(stream.cards.length);
          expect(walk(stream)).toEqual(order(stream));
        },
      ),
    );
  });

  it("keeps a stream sound, whatever is done to it", () => {
    const edit = fc.record({
      what: fc.constantFrom("add", "duplicate", "remove", "move", "link", "respond", "start"),
      kind: fc.constantFrom(...KINDS),
      card: fc.nat(20),
      to: fc.integer({ min: -2, max: 22 }),
    });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 40 }), (edits) => {
        let stream: Stream = EMPTY_STREAM;
        for (const { what, kind, card: nth, to } of edits) {
          const card = stream.cards[nth % Math.max(1, stream.cards.length)];
          const target = stream.cards[Math.abs(to) % Math.max(1, stream.cards.length)]?.id ?? null;
          if (what === "add") stream = addCard(stream, kind, card?.id ?? null).stream;
          else if (card === undefined) continue;
          else if (what === "duplicate") stream = duplicateCard(stream, card.id).stream;
          else if (what === "remove") stream = removeCard(stream, card.id).stream;
          else if (what === "move") stream = moveCard(stream, card.id, to);
          else if (what === "start") stream = setStart(stream, target ?? "");
          else if (what === "link") {
            let way = 0;
            stream = updateCard(
              stream,
              mapExits(card, (next) => (way++ === to ? target : next)),
            );
          } else if (card.kind === "question" && card.responses.length < MAX_RESPONSES) {
            const responses = [...card.responses, freshResponse(card.responses, to < 0 ? "nowhere" : target)];
            stream = updateCard(stream, { ...card, responses });
          }
          expect(isSound(stream)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
