import type { DocumentCard } from "./document-card.tsx";

type Card = typeof DocumentCard;
let card: Card | undefined;
let fetching = false;

/** The card of a document: fetched when the first one comes up; when it cannot be had, the next drawing tries again. */
export const LazyDocument = (props: Parameters<Card>[0]) => {
  if (card) return card(props);
  if (!fetching) fetchCard(props.redraw);
  return null;
};

const fetchCard = async (redraw: () => void) => {
  fetching = true;
  try {
    card = (await import("./document-card.tsx")).DocumentCard;
    redraw();
  } finally {
    fetching = false;
  }
};
