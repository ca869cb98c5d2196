/** How far conversations came at each card, versions beside each other. */
import type { CanvasNumbers, CardId, Stream } from "@usher/api";
import { cardName, KIND_NAMES, walkOrder } from "@usher/stream";
import type { CardFigures } from "../canvas/figures.ts";

/** One version with its numbers. */
export interface Column {
  version: number;
  stream: Stream;
  numbers: CanvasNumbers;
}

export interface Row {
  id: CardId;
  name: string;
  kind: string;
  /** In the order of the columns; null where the version has no such card. */
  cells: (CardFigures | null)[];
}

const NOBODY: CardFigures = { reached: 0, answered: 0, left: 0 };

/** The cards as a visitor of the first column's version meets them, then those that only others have. */
export function rowsOf(columns: readonly Column[]): Row[] {
  const cards = new Map(
    columns.flatMap(({ stream }) => walkOrder(stream).map((card) => [card.id, card] as const)).toReversed(),
  );
  const order = new Set(columns.flatMap(({ stream }) => walkOrder(stream).map((card) => card.id)));
  const figures = columns.map(({ numbers }) => new Map(numbers.cards.map((one) => [one.card_id, one])));
  return [...order].flatMap((id) => {
    const card = cards.get(id);
    if (card === undefined) return [];
    const cells = columns.map(({ stream }, place) =>
      stream.cards.some((one) => one.id === id) ? (figures[place]?.get(id) ?? NOBODY) : null,
    );
    return [{ id, name: cardName(card), kind: KIND_NAMES[card.kind], cells }];
  });
}

/** The table as a file: a line for each version and card. */
export function sheetOf(columns: readonly Column[], rows: readonly Row[]): string {
  const lines = [["version", "card", "kind", "name", "conversations", "reached", "answered", "left"]];
  columns.forEach(({ version, numbers }, place) => {
    for (const { id, kind, name, cells } of rows) {
      const cell = cells[place];
      if (!cell) continue;
      const { reached, answered, left } = cell;
      const counts = [numbers.conversations, reached, answered, left].map(String);
      lines.push([String(version), id, kind, name, ...counts]);
    }
  });
  return lines.map((line) => `${line.map(quoted).join(",")}\r\n`).join("");
}

/** Inert in spreadsheets, as the server writes its files. */
function quoted(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
