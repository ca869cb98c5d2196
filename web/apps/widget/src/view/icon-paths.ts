/** The few signs that the chat needs, as paths in a square of 24, drawn with the text's colour. */
export const PATHS = {
  chat: "M12 3.5c-5 0-9 3.4-9 7.7 0 2.3 1.2 4.4 3.1 5.8-.1 1.2-.6 2.3-1.4 3.2 1.7-.1 3.2-.7 4.4-1.6.9.2 1.9.3 2.9.3 5 0 9-3.4 9-7.7s-4-7.7-9-7.7Z",
  down: "m6 9 6 6 6-6",
  close: "m6 6 12 12M18 6 6 18",
  again: "M4 12a8 8 0 1 0 2.6-5.9M4 4v4.5h4.5",
  send: "M5 12h14m-6-6 6 6-6 6",
  wait: "M12 7v5l3 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
};
