import type { Card, Stream } from "@usher/api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Board, boardOf, EMPTY_BOARD, isSound } from "./board.ts";
import { MAX_CARDS } from "./cards.ts";
import { fromText, toText } from "./clipboard.ts";
import {
  addCardAfter,
  addCardAt,
  addCardOn,
  connect,
  duplicateCards,
  moveCards,
  moveExit,
  pasteCards,
  removeCards,
  setStart,
  updateCard,
} from "./graph.ts";
import { begin, record, redo, undo } from "./history.ts";
import { arrange, CARD_WIDTH, heightOf } from "./layout.ts";
import { exitsOf, mapExits } from "./links.ts";
import { fromMarks } from "./marks.ts";
import { anyCard, anyCards, cardOf, KINDS, line, walk } from "./testing.ts";

const nexts = (board: Board, id: string) => exitsOf(cardOf(board, id)).map((exit) => exit.next);

/** A question with two ways, to two messages. */
function fork(): Board {
  const asked = line("question");
  const one = addCardOn(asked, "message", { card: "question-1", field: "responses/0/next" }).board;
  return addCardOn(one, "message", { card: "question-1", field: "responses/1/next" }).board;
}

describe("adding", () => {
  it("puts a card between two others, and what follows makes room", () => {
    const two = line("message", "message");
    const { board, ids } = addCardAfter(two, "goal", "message-1");
    expect(ids).toEqual(["goal-1"]);
    expect(walk(board.stream)).toEqual(["message-1", "goal-1", "message-2"]);
    const xs = ["message-1", "goal-1", "message-2"].map((id) => board.layout[id]?.x ?? 0);
    expect([...xs].sort((a, b) => a - b)).toEqual(xs);
    expect(new Set(xs).size).toBe(3);
  });

  it("puts a card on one of several connections", () => {
    const { board } = addCardOn(fork(), "goal", { card: "question-1", field: "responses/1/next" });
    expect(nexts(board, "question-1")).toEqual(["message-1", "goal-1"]);
    expect(nexts(board, "goal-1")).toEqual(["message-2"]);
  });

  it("behind a question takes up the branches that end there, and leaves those that go on", () => {
    const parted = connect(fork(), { card: "question-1", field: "responses/1/next" }, null);
    const { board } = addCardAfter(parted, "goal", "question-1");
    expect(nexts(board, "question-1")).toEqual(["message-1", "goal-1"]);
    expect(nexts(board, "goal-1")).toEqual([null]);
  });

  it("behind a card without a way on stands free", () => {
    const { board, ids } = addCardAfter(line("live_chat"), "message", "live_chat-1");
    expect(ids).toEqual(["message-1"]);
    expect(board.stream.start).toBe("live-chat-1");
  });

  it("refuses a card above the most that a dialogue may have", () => {
    const cards = Array.from(
      { length: MAX_CARDS },
      (_, n): Card => ({ id: `c${n}`, kind: "goal", goal: "x", next: null }),
    );
    const full = boardOf({ start: "c0", cards }, undefined);
    expect(addCardAt(full, "message", { x: 0, y: 0 }).board).toBe(full);
    expect(duplicateCards(full, ["c0"]).ids).toEqual([]);
  });
});

describe("connecting", () => {
  it("leads an exit to a card, and to nowhere again", () => {
    const apart = addCardAt(line("message"), "goal", { x: 900, y: 0 }).board;
    const joined = connect(apart, { card: "message-1", field: "next" }, "goal-1");
    expect(nexts(joined, "message-1")).toEqual(["goal-1"]);
    expect(nexts(connect(joined, { card: "message-1", field: "next" }, null), "message-1")).toEqual([null]);
  });

  it("changes nothing for an exit or a card that is not there", () => {
    const board = line("message");
    expect(connect(board, { card: "message-1", field: "next" }, "nowhere")).toBe(board);
    expect(connect(board, { card: "message-1", field: "booked" }, "message-1")).toBe(board);
  });

  it("reorders responses with where they lead", () => {
    const board = moveExit(fork(), { card: "question-1", field: "responses/1/next" }, -1);
    expect(nexts(board, "question-1")).toEqual(["message-2", "message-1"]);
    expect(moveExit(board, { card: "question-1", field: "responses/0/next" }, -1).stream).toEqual(
      board.stream,
    );
  });
});

describe("removing", () => {
  it("closes the gap over several cards at once", () => {
    const board = removeCards(line("message", "goal", "action", "message"), ["goal-1", "action-1"]);
    expect(walk(board.stream)).toEqual(["message-1", "message-2"]);
  });

  it("starts with what followed the first card, and with nothing when it was the last", () => {
    expect(removeCards(line("message", "goal"), ["message-1"]).stream.start).toBe("goal-1");
    expect(removeCards(line("message"), ["message-1"])).toEqual(EMPTY_BOARD);
  });

  it("ends a branch where the ways of the removed card part", () => {
    const board = addCardOn(fork(), "goal", { card: "message-1", field: "next" }).board;
    const led = connect(board, { card: "goal-1", field: "next" }, "question-1");
    expect(nexts(removeCards(led, ["question-1"]), "goal-1")).toEqual([null]);
  });
});

describe("copies", () => {
  it("keep their links among each other, and get ids and titles of their own", () => {
    const titled = updateCard(fork(), { ...cardOf(fork(), "question-1"), title: "Interest" } as Card);
    const { board, ids } = duplicateCards(titled, ["question-1", "message-1"]);
    expect(ids).toEqual(["question-2", "message-3"]);
    expect(cardOf(board, "question-2").title).toBe("Interest-2");
    expect(nexts(board, "question-2")).toEqual(["message-3", "message-2"]);
    expect(board.stream.start).toBe("question-1");
  });

  it("stand where they cover nothing", () => {
    const { board } = duplicateCards(fork(), ["question-1", "message-1", "message-2"]);
    expect(covered(board)).toEqual([]);
  });

  it("pasted into another dialogue lead nowhere outside, and tokens follow renamed cards", () => {
    const source = line("info_capture", "message", "goal");
    const words = fromMarks('Thanks, {{answer.form-1:"friend"}} and {{answer.other}}');
    const talking = updateCard(source, { ...cardOf(source, "message-1"), text: words } as Card);
    const copied = fromText(toText(talking, ["form-1", "message-1"]));
    if (copied === null) throw new Error("nothing was copied");
    const { board, ids } = pasteCards(line("info_capture"), copied.cards, copied.layout, { x: 0, y: 0 });
    expect(ids).toEqual(["form-2", "message-1"]);
    expect(nexts(board, "form-2")).toEqual(["message-1"]);
    expect(nexts(board, "message-1")).toEqual([null]);
    expect(JSON.stringify(cardOf(board, "message-1"))).toContain("{{answer.form-2:");
    expect(JSON.stringify(cardOf(board, "message-1"))).toContain("{{answer.other}}");
  });
});

describe("arranging", () => {
  it("places cards from left to right along the conversation, none over another", () => {
    const board = line("message", "question", "info_capture", "goal", "message");
    const layout = arrange(board.stream);
    expect(covered({ ...board, layout })).toEqual([]);
    const xs = walk(board.stream).map((id) => layout[id]?.x ?? 0);
    expect(xs).toEqual([...xs].sort((a, b) => a - b));
  });

  it("gives a card without a place one beside the card that leads to it, and moves no other", () => {
    const board = line("message", "goal");
    const { "goal-1": _, ...known } = board.layout;
    const completed = boardOf(board.stream, known);
    expect(completed.layout["message-1"]).toEqual(board.layout["message-1"]);
    expect(completed.layout["goal-1"]?.x).toBeGreaterThan(completed.layout["message-1"]?.x ?? 0);
  });

  it("covers no card with another, whatever the stream", () => {
    fc.assert(
      fc.property(anyCards, (cards) => {
        const stream = sound(cards);
        expect(covered({ stream, layout: arrange(stream) })).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

/** Links to nowhere removed, as a stream must have it. */
function sound(cards: Card[]): Stream {
  const ids = new Set(cards.map((card) => card.id));
  const linked = cards.map((card) =>
    mapExits(card, (next) => (next !== null && ids.has(next) ? next : null)),
  );
  return { start: cards[0]?.id ?? "", cards: linked };
}

/** Pairs of cards of which one stands over the other. */
function covered({ stream, layout }: Board): string[] {
  const boxes = stream.cards.map((card) => ({
    id: card.id,
    height: heightOf(card),
    ...(layout[card.id] ?? { x: 0, y: 0 }),
  }));
  return boxes.flatMap((one, index) =>
    boxes
      .slice(index + 1)
      .filter(
        (other) =>
          Math.abs(one.x - other.x) < CARD_WIDTH &&
          one.y < other.y + other.height &&
          other.y < one.y + one.height,
      )
      .map((other) => `${one.id} ${other.id}`),
  );
}

/** Any edit, by numbers that choose cards, exits and places. */
const edit = fc.record({
  what: fc.constantFrom(
    ...([
      "at",
      "on",
      "after",
      "connect",
      "cut",
      "start",
      "exit",
      "move",
      "remove",
      "copy",
      "paste",
      "edit",
      "undo",
      "redo",
      "arrange",
    ] as const),
  ),
  kind: fc.constantFrom(...KINDS),
  one: fc.nat(30),
  other: fc.nat(30),
  way: fc.nat(5),
  card: anyCard,
});
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function apply(board: Board, { what, kind, one, other, way, card }: Edit): Board {
  const cards = board.stream.cards;
  const pick = (n: number) => cards[n % Math.max(1, cards.length)]?.id ?? "none";
  const exits = exitsOf(cards[one % Math.max(1, cards.length)] ?? card);
  const exit = { card: pick(one), field: exits[way % Math.max(1, exits.length)]?.field ?? "next" };
  const at = { x: other * 100 - 900, y: way * 70.5 };
  switch (what) {
    case "at":
      return addCardAt(board, kind, at).board;
    case "on":
      return addCardOn(board, kind, exit, way > 2 ? at : undefined).board;
    case "after":
      return addCardAfter(board, kind, way > 4 ? null : pick(one)).board;
    case "connect":
      return connect(board, exit, pick(other));
    case "cut":
      return connect(board, exit, null);
    case "start":
      return setStart(board, pick(other));
    case "exit":
      return moveExit(board, exit, way % 2 === 0 ? 1 : -1);
    case "move":
      return moveCards(board, { [pick(one)]: at, nobody: at });
    case "remove":
      return removeCards(board, [pick(one), pick(other)]);
    case "copy":
      return duplicateCards(board, [pick(one), pick(other)]).board;
    case "paste": {
      const copied = fromText(toText(board, [pick(one), pick(other)]));
      return copied === null ? board : pasteCards(board, copied.cards, copied.layout, at).board;
    }
    case "edit":
      return updateCard(board, { ...card, id: pick(one) });
    case "arrange":
      return { ...board, layout: arrange(board.stream) };
    default:
      return board;
  }
}

describe("any sequence of edits", () => {
  it("leaves a sound board, and undo leads back to the beginning", () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 30 }), (edits) => {
        let history = begin<Board>(EMPTY_BOARD);
        for (const one of edits) {
          if (one.what === "undo") history = undo(history);
          else if (one.what === "redo") history = redo(history);
          else history = record(history, apply(history.present, one), null);
          expect(isSound(history.present), one.what).toBe(true);
        }
        const last = history.present;
        const steps = history.past.length;
        for (let n = 0; n < steps; n += 1) history = undo(history);
        expect(history.present).toBe(EMPTY_BOARD);
        for (let n = 0; n < steps; n += 1) history = redo(history);
        expect(history.present).toBe(last);
      }),
      { numRuns: 400 },
    );
  });
});
