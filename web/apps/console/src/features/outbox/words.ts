import type { MailStatus } from "@usher/api";

export const STATUS_WORDS: Record<MailStatus, { label: string; color: string; means: string }> = {
  waiting: { label: "Waiting", color: "blue", means: "It will be sent in a moment" },
  held: { label: "Held", color: "yellow", means: "No mail server is set up; it stays here to be read" },
  sent: { label: "Sent", color: "green", means: "The mail server took it" },
  failed: { label: "Failed", color: "red", means: "The last try failed; it will be tried again" },
  dead: { label: "Given up", color: "red", means: "Every try failed; it will not be tried again by itself" },
};

/** Whether trying again by hand makes sense. */
export function mayRetry(status: MailStatus): boolean {
  return status === "failed" || status === "dead" || status === "held";
}
