import type { MailStatus, OutboxItem } from "@usher/api";

export type Outgoing = "mail" | "webhook" | "alert";

/** What each is called. */
export const NOUNS: Record<Outgoing, string> = { mail: "mail", webhook: "webhook", alert: "notification" };

export const STATUS_WORDS: Record<MailStatus, { label: string; color: string; means: string }> = {
  waiting: { label: "Waiting", color: "blue", means: "It will be sent in a moment" },
  held: { label: "Held", color: "yellow", means: "No mail server is set up; it stays here to be read" },
  sent: { label: "Sent", color: "green", means: "The mail server took it" },
  failed: { label: "Failed", color: "red", means: "The last try failed; it will be tried again" },
  dead: { label: "Given up", color: "red", means: "Every try failed; it will not be tried again by itself" },
};

/** What a status means. */
export function meansOf(one: Pick<OutboxItem, "kind" | "status">): string {
  if (one.kind === "webhook" && one.status === "sent") return "The address took it";
  if (one.kind === "alert" && one.status === "sent") return "It was taken, or not needed any more";
  return STATUS_WORDS[one.status].means;
}

/** What each can come to; only mails are held. */
export function statusesOf(kind: Outgoing): MailStatus[] {
  const all = Object.keys(STATUS_WORDS) as MailStatus[];
  return kind === "mail" ? all : all.filter((status) => status !== "held");
}

/** Whether trying again by hand makes sense. */
export function mayRetry(status: MailStatus): boolean {
  return status === "failed" || status === "dead" || status === "held";
}
