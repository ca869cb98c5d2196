/** The figures of live chat: what exactly counts, and how it is written. */
import type { LiveChatFigures } from "@usher/api";
import { count, DASH, duration } from "#lib/ui/format.ts";

export interface Figure {
  key: keyof LiveChatFigures;
  label: string;
  /** Exactly what counts. */
  means: string;
  text: (figures: LiveChatFigures) => string;
  /** Counts for an agent or team too. */
  shared: boolean;
}

const time = (ms: number | null | undefined) =>
  ms === null || ms === undefined ? DASH : duration(ms / 1000);
const mean = (value: number | null | undefined) =>
  value === null || value === undefined
    ? DASH
    : value.toLocaleString(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export const FIGURES: readonly Figure[] = [
  {
    key: "chats",
    label: "Chats",
    means:
      "Chats that an agent took, counted on the day on which the visitor asked. Each counts for the agent who had it last.",
    text: ({ chats }) => count(chats),
    shared: true,
  },
  {
    key: "unattended",
    label: "Nobody took",
    means: "Requests that nobody took, also because nobody was there. The visitor read the fallback.",
    text: ({ unattended }) => count(unattended),
    shared: false,
  },
  {
    key: "accepted",
    label: "Accepted",
    means: "Offers that the agent accepted, chats handed over by a colleague included.",
    text: ({ accepted }) => count(accepted),
    shared: true,
  },
  {
    key: "missed",
    label: "Missed",
    means: "Offers that the agent did not answer in time.",
    text: ({ missed }) => count(missed),
    shared: true,
  },
  {
    key: "declined",
    label: "Declined",
    means: "Offers that the agent declined.",
    text: ({ declined }) => count(declined),
    shared: true,
  },
  {
    key: "wait_ms",
    label: "Wait",
    means: "Mean time from the visitor's request until an agent took the chat.",
    text: ({ wait_ms }) => time(wait_ms),
    shared: true,
  },
  {
    key: "first_answer_ms",
    label: "First answer",
    means: "Mean time from taking the chat until the agent's first words; notes do not count.",
    text: ({ first_answer_ms }) => time(first_answer_ms),
    shared: true,
  },
  {
    key: "length_ms",
    label: "Length",
    means: "Mean time from taking the chat until its end, of chats that have ended.",
    text: ({ length_ms }) => time(length_ms),
    shared: true,
  },
  {
    key: "timed_out",
    label: "Timed out",
    means: "Chats that ended because nobody wrote.",
    text: ({ timed_out }) => count(timed_out),
    shared: true,
  },
  {
    key: "score",
    label: "Score",
    means: "Mean of the scores that agents gave, 0 to 3.",
    text: ({ score }) => mean(score),
    shared: true,
  },
  {
    key: "rating",
    label: "Rating",
    means: "Mean of the ratings that visitors gave, 1 to 5, with how many rated.",
    text: ({ rating, ratings }) => (ratings === 0 ? DASH : `${mean(rating)} (${count(ratings)})`),
    shared: true,
  },
];
