import type { Card } from "@usher/api";
import { describe, expect, it } from "vitest";
import { type Column, rowsOf, sheetOf } from "./funnel.ts";

const said = (id: string, text: string, next: string | null): Card => ({
  id,
  kind: "message",
  text: { blocks: [{ type: "paragraph", spans: [{ text }] }] },
  next,
});

const newest: Column = {
  version: 2,
  stream: { start: "hello", cards: [said("bye", "Bye, all", null), said("hello", "=Hello", "bye")] },
  numbers: { conversations: 10, cards: [{ card_id: "hello", reached: 10, answered: 0, left: 0 }] },
};
const older: Column = {
  version: 1,
  stream: { start: "hello", cards: [said("hello", "Good day", "old"), said("old", "Gone since", null)] },
  numbers: {
    conversations: 4,
    cards: [
      { card_id: "hello", reached: 4, answered: 0, left: 1 },
      { card_id: "old", reached: 3, answered: 0, left: 0 },
    ],
  },
};

describe("the cards of several versions", () => {
  it("stand in the order of the newest, those that are gone behind them", () => {
    const rows = rowsOf([newest, older]);
    expect(rows.map((row) => row.id)).toEqual(["hello", "bye", "old"]);
    expect(rows.map((row) => row.name)).toEqual(["=Hello", "Bye, all", "Gone since"]);
  });

  it("tell nobody came from a card that was not there", () => {
    const [hello, bye, old] = rowsOf([newest, older]).map((row) => row.cells.map((cell) => cell?.reached));
    expect(hello).toEqual([10, 4]);
    expect(bye).toEqual([0, undefined]);
    expect(old).toEqual([undefined, 3]);
  });

  it("are written as a file that no spreadsheet takes for formulas", () => {
    const columns = [newest, older];
    expect(sheetOf(columns, rowsOf(columns)).split("\r\n")).toEqual([
      "version,card,kind,name,conversations,reached,answered,left",
      "2,hello,Message,'=Hello,10,10,0,0",
      '2,bye,Message,"Bye, all",10,0,0,0',
      "1,hello,Message,'=Hello,4,4,0,1",
      "1,old,Message,Gone since,4,3,0,0",
      "",
    ]);
  });
});
