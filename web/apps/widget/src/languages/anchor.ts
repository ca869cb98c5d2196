/** What is said before the conversation is fetched: bubble and poke. */
export const anchorWords = {
  open: "Open chat with {name}",
  close: "Close chat",
  dismiss: "Dismiss message",
};
