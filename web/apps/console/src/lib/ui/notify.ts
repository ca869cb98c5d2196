import { notifications } from "@mantine/notifications";
import { ApiProblem } from "@usher/api";

const CLOSE = { "aria-label": "Dismiss" };

/** A thing is done. Short; what can be seen on the screen needs no message. */
export function notifyDone(message: string): void {
  notifications.show({
    message,
    color: "accent",
    autoClose: 3000,
    withBorder: true,
    closeButtonProps: CLOSE,
  });
}

/** A thing failed: `what` says what was tried ("The list was not renamed"). */
export function notifyProblem(what: string, error: unknown): void {
  notifications.show({
    title: what,
    message: sentence(error),
    color: "red",
    autoClose: 8000,
    withBorder: true,
    closeButtonProps: CLOSE,
  });
}

/** The error as a sentence for the person at the screen. */
export function sentence(error: unknown): string {
  if (error instanceof ApiProblem) {
    const reasons = [...new Set(error.errors.map((one) => one.reason))].filter((reason) => reason !== "");
    return reasons.length > 0 ? asSentence(reasons.slice(0, 3).join("; ")) : error.message;
  }
  return "Something in this screen went wrong. Reload it and try again.";
}

function asSentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
