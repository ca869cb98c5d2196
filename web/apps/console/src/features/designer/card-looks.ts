import type { Card, CardKind, Stream } from "@usher/api";
import { cardName, KIND_NAMES, walkOrder } from "@usher/stream";
import type { LucideIcon } from "lucide-react";
import {
  CalendarClockIcon,
  CircleHelpIcon,
  CornerDownRightIcon,
  FileTextIcon,
  FlagIcon,
  FormIcon,
  HeadsetIcon,
  MessageSquareIcon,
  SparklesIcon,
  SplitIcon,
  WorkflowIcon,
  ZapIcon,
} from "#lib/ui/icons.ts";

interface Look {
  label: string;
  does: string;
  icon: LucideIcon;
}

const look = (kind: CardKind, does: string, icon: LucideIcon): Look => ({
  label: KIND_NAMES[kind],
  does,
  icon,
});

/** In the order in which authors reach for them. */
export const LOOKS: Record<CardKind, Look> = {
  message: look("message", "Says something and goes on", MessageSquareIcon),
  question: look("question", "Offers responses; each has its own way on", CircleHelpIcon),
  info_capture: look("info_capture", "Asks for an e-mail address, a name, a number…", FormIcon),
  document: look("document", "Shows a PDF inside the chat", FileTextIcon),
  meeting: look("meeting", "Offers free times of a calendar, booked in place", CalendarClockIcon),
  live_chat: look("live_chat", "Hands over to an agent; ends its branch", HeadsetIcon),
  ai_answer: look("ai_answer", "Answers free questions from approved responses", SparklesIcon),
  goal: look("goal", "Marks that something was reached; visitors do not see it", FlagIcon),
  action: look("action", "Sets attributes, lists, score; visitors do not see it", ZapIcon),
  branch: look("branch", "Goes on by what is known of the visitor", SplitIcon),
  flow: look("flow", "Runs a conversational flow, then goes on", WorkflowIcon),
  jump: look("jump", "Goes on at another card", CornerDownRightIcon),
};
export const KINDS = Object.keys(LOOKS) as CardKind[];

/** What visitors never see. */
export const INVISIBLE: ReadonlySet<CardKind> = new Set(["goal", "action", "branch", "flow", "jump"]);

/** What a card is called where another leads to it. */
export function cardLabel(card: Card): string {
  const name = cardName(card);
  return name === "" ? LOOKS[card.kind].label : card.title ? name : `${LOOKS[card.kind].label}: ${name}`;
}

/** The cards as choices of where to lead, as a visitor meets them. */
export function targetsOf(stream: Stream): { value: string; label: string }[] {
  return walkOrder(stream).map((card) => ({ value: card.id, label: cardLabel(card) }));
}
