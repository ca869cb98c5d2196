import type { Card, CardKind, Stream } from "@usher/api";
import { cardName } from "@usher/stream";
import type { LucideIcon } from "lucide-react";
import { CircleHelpIcon, FlagIcon, FormIcon, MessageSquareIcon } from "#lib/ui/icons.ts";

export const LOOKS: Record<CardKind, { label: string; does: string; icon: LucideIcon }> = {
  message: { label: "Message", does: "Says something and goes on", icon: MessageSquareIcon },
  question: { label: "Question", does: "Offers responses; each has its own way on", icon: CircleHelpIcon },
  info_capture: { label: "Form", does: "Asks for an e-mail address, a name, a number…", icon: FormIcon },
  goal: { label: "Goal", does: "Marks that something was reached; visitors do not see it", icon: FlagIcon },
};
export const KINDS = Object.keys(LOOKS) as CardKind[];

/** How a card is called where another leads to it: its number and its name. */
export function cardLabel(stream: Stream, card: Card): string {
  const number = stream.cards.indexOf(card) + 1;
  return `${number} · ${cardName(card) || LOOKS[card.kind].label}`;
}

/** The cards as choices of where to lead. */
export function targetsOf(stream: Stream): { value: string; label: string }[] {
  return stream.cards.map((card) => ({ value: card.id, label: cardLabel(stream, card) }));
}
