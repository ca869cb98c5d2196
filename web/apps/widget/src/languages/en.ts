import { anchorWords } from "./anchor.ts";

/** The widget's own words in English, and with them the list of what every language must say. `{…}` are filled in. */
export const en = {
  ...anchorWords,
  title: "{name}: chat",
  restart: "Start again",
  change: "Change",
  send: "Send",
  write: "Write a message",
  typing: "{name} is typing",
  you: "You said",
  skip: "Skip",
  skipped: "Skipped",
  choose: "Please choose",
  yes: "Yes",
  no: "No",
  offline: "You are offline. Your answer is kept and will be sent when the connection is back.",
  pending: "Waiting to be sent",
  ended: "This conversation has ended.",
  privacy: "Privacy policy",
  new_tab: "opens in a new tab",
  moved_on: "The conversation has already moved on. Here is where it stands now.",
  failed: "That could not be sent. Please try again.",
  too_long: "Please use at most {max} characters ({count} now).",
  required: "Please fill in this field.",
  email_syntax: "Please enter a valid e-mail address, such as name@example.com.",
  email_refused: "Please use another e-mail address, such as your work address.",
  phone: "Please enter a valid phone number, with the country code if you can.",
  number: "Please enter a number.",
  date: "Please enter a valid date.",
  url: "Please enter a web address, such as https://example.com.",
  option: "Please choose one of the options.",
};

export type Texts = Record<keyof typeof en, string>;
