import type { HandBuilt, HandCard } from "./hand-built.ts";

const EMAIL = { type: "E-mail", label: "Work e-mail" } as const;
const NAME = { type: "Text", label: "First name", keep: "First name" } as const;
const who = (address: string) => ({ "First name": "Ada", "Work e-mail": `${address}@example.com` });
const says = (title: string, words: string): HandCard => ({ card: "Message", title, says: words });

/** The document that the library must have for the example. */
export const GUIDE = "Field guide";

/** The example of the specification: a meeting for those who want one, the list for the others, a document for the rest. */
export const EXAMPLE: HandBuilt = {
  name: "The specification's example",
  cards: [
    {
      card: "Question",
      title: "Opening",
      asks: "Would you like to see it in person?",
      responses: ["Yes", "No"],
      to: { Yes: "Wish", No: "News" },
    },
    { card: "Goal", title: "Wish", goal: "Meeting wanted", to: "Calendar" },
    {
      card: "Meeting",
      title: "Calendar",
      says: "When would suit you?",
      to: { Booked: "Booking", "Not booked": "Regret" },
    },
    { card: "Goal", title: "Booking", goal: "Meeting booked", to: "Farewell" },
    says("Farewell", "See you then!"),
    says("Regret", "We will find a time together."),
    {
      card: "Question",
      title: "News",
      asks: "Shall we keep you posted by mail?",
      responses: ["Please do", "Rather not"],
      to: { "Please do": "Address", "Rather not": "Paper" },
    },
    { card: "Form", title: "Address", asks: "Where to?", fields: [EMAIL], to: "Subscribed" },
    { card: "Goal", title: "Subscribed", goal: "On the mailing list", to: "Noted" },
    says("Noted", "You are on the list."),
    {
      card: "Document",
      title: "Paper",
      says: "Then take our guide with you.",
      document: GUIDE,
      to: "Parting",
    },
    says("Parting", "Come back any time."),
  ],
  walks: [
    [{ choose: "Yes" }, { hears: "We will find a time together." }],
    [
      { choose: "No" },
      { choose: "Please do" },
      { fill: { "Work e-mail": "list@example.com" } },
      { hears: "You are on the list." },
    ],
    [
      { choose: "No" },
      { choose: "Rather not" },
      { hears: "Then take our guide with you." },
      { press: "Continue" },
      { hears: "Come back any time." },
    ],
  ],
};

/** The seven templates, as an author would draw them. */
export const TEMPLATES: HandBuilt[] = [
  {
    name: "Book a demo",
    cards: [
      { card: "Message", title: "Hello", says: "Would you like to see it in action?", to: "Interest" },
      {
        card: "Question",
        title: "Interest",
        asks: "What brings you here?",
        responses: ["A personal demo", "Prices", "Looking around"],
        to: { "A personal demo": "Contact", Prices: "Costs", "Looking around": "Later" },
      },
      { card: "Message", title: "Costs", says: "That depends on your team.", to: "Contact" },
      { card: "Form", title: "Contact", asks: "Whom may we invite?", fields: [NAME, EMAIL], to: "Requested" },
      { card: "Goal", title: "Requested", goal: "Demo requested by hand", to: "Calendar" },
      {
        card: "Meeting",
        title: "Calendar",
        says: "When would suit you?",
        to: { Booked: "Done", "Not booked": "Thanks" },
      },
      { card: "Goal", title: "Done", goal: "Demo booked by hand", to: "Goodbye" },
      says("Goodbye", "The invitation is on its way."),
      says("Thanks", "We will write within a day."),
      says("Later", "Enjoy your stay."),
    ],
    walks: [
      [
        { choose: "Prices" },
        { hears: "That depends on your team." },
        { fill: who("demo") },
        { hears: "We will write within a day." },
      ],
      [{ choose: "Looking around" }, { hears: "Enjoy your stay." }],
    ],
  },
  {
    name: "Qualify and hand over",
    cards: [
      {
        card: "Question",
        title: "Role",
        asks: "May I ask what you do?",
        responses: ["I decide", "I would use it", "I study"],
        to: { "I decide": "Decides", "I would use it": "When", "I study": "Guides" },
      },
      { card: "Action", title: "Decides", points: 30, to: "When" },
      {
        card: "Question",
        title: "When",
        asks: "When would it begin?",
        responses: ["At once", "Some day"],
        to: { "At once": "Contact", "Some day": "Guides" },
      },
      {
        card: "Form",
        title: "Contact",
        asks: "Let us put you in touch.",
        fields: [NAME, EMAIL, { type: "Phone", label: "Telephone" }],
        to: "Qualified",
      },
      { card: "Goal", title: "Qualified", goal: "Qualified by hand", to: "Fit" },
      {
        card: "Branch",
        title: "Fit",
        cases: [{ name: "Hot", conditions: [["Score", "is at least", "20"]] }],
        to: { Hot: "Agent", Otherwise: "Thanks" },
      },
      { card: "Live chat", title: "Agent", says: "One moment, please.", fallback: "We will call you today." },
      says("Thanks", "A colleague will be in touch."),
      says("Guides", "Our books are a good place to begin."),
    ],
    walks: [
      [
        { choose: "I decide" },
        { choose: "At once" },
        { fill: { ...who("hot"), Telephone: "+49 30 901820" } },
        { hears: "We will call you today." },
      ],
      [
        { choose: "I would use it" },
        { choose: "At once" },
        { fill: { ...who("cold"), Telephone: "+49 30 901821" } },
        { hears: "A colleague will be in touch." },
      ],
      [{ choose: "I study" }, { hears: "Our books are a good place to begin." }],
    ],
  },
  {
    name: "Content offer",
    cards: [
      {
        card: "Question",
        title: "Offer",
        asks: "We wrote a short guide. Would you like it?",
        responses: ["Yes, please", "No, thanks"],
        to: { "Yes, please": "Address", "No, thanks": "Bye" },
      },
      {
        card: "Form",
        title: "Address",
        asks: "Where shall we send it?",
        fields: [EMAIL, { type: "Consent", label: "I want the newsletter" }],
        to: "Sent",
      },
      { card: "Goal", title: "Sent", goal: "Guide by hand", to: "Interest" },
      { card: "Action", title: "Interest", points: 5, to: "Done" },
      says("Done", "It is on its way."),
      says("Bye", "Have a nice day!"),
    ],
    walks: [
      [
        { choose: "Yes, please" },
        { fill: { "Work e-mail": "guide@example.com", "I want the newsletter": true } },
        { hears: "It is on its way." },
      ],
      [{ choose: "No, thanks" }, { hears: "Have a nice day!" }],
    ],
  },
  {
    name: "Event sign-up",
    cards: [
      { card: "Message", title: "Invitation", says: "We meet online for half an hour.", to: "Date" },
      {
        card: "Question",
        title: "Date",
        asks: "Which day suits you?",
        responses: ["Tuesday", "Thursday", "Neither"],
        to: { Tuesday: "Guest", Thursday: "Guest", Neither: "Recording" },
      },
      {
        card: "Question",
        title: "Recording",
        asks: "Shall we send the recording?",
        responses: ["Yes, please", "No, thanks"],
        to: { "Yes, please": "Guest", "No, thanks": "Bye" },
      },
      {
        card: "Form",
        title: "Guest",
        asks: "Whom may we expect?",
        fields: [
          NAME,
          EMAIL,
          { type: "Picklist", label: "Topic", options: ["How to begin", "New features"] },
        ],
        to: "Signed up",
      },
      { card: "Goal", title: "Signed up", goal: "Signed up by hand", to: "Note" },
      { card: "Action", title: "Note", points: 10, moment: "Signed up for {{answer.Date}}", to: "Thanks" },
      says("Thanks", "You will get a mail."),
      says("Bye", "Perhaps another time!"),
    ],
    walks: [
      [
        { choose: "Tuesday" },
        { fill: { ...who("guest"), Topic: "New features" } },
        { hears: "You will get a mail." },
      ],
      [{ choose: "Neither" }, { choose: "No, thanks" }, { hears: "Perhaps another time!" }],
    ],
  },
  {
    name: "Frequent questions",
    cards: [
      {
        card: "Question",
        title: "Topic",
        asks: "What would you like to know?",
        responses: ["Is there a trial?", "Something else"],
        to: { "Is there a trial?": "Trial", "Something else": "Free" },
      },
      { card: "Message", title: "Trial", says: "Yes: two weeks.", to: "Enough" },
      {
        card: "AI answer",
        title: "Free",
        asks: "Ask me anything.",
        fallback: "A colleague will answer that.",
        to: { Answered: "Enough", "No answer": "Letter" },
      },
      {
        card: "Question",
        title: "Enough",
        asks: "Is that all?",
        responses: ["Yes, thank you", "Not quite"],
        to: { "Yes, thank you": "Solved", "Not quite": "Letter" },
      },
      { card: "Goal", title: "Solved", goal: "Answered by hand", to: "Glad" },
      says("Glad", "Glad to hear it!"),
      {
        card: "Form",
        title: "Letter",
        asks: "Write to us.",
        fields: [EMAIL, { type: "Long text", label: "Your question" }],
        to: "Noted",
      },
      says("Noted", "We will answer soon."),
    ],
    walks: [
      [
        { choose: "Something else" },
        { hears: "Ask me anything." },
        { ask: "Can the crates be painted green?" },
        { hears: "A colleague will answer that." },
        { fill: { "Work e-mail": "free@example.com", "Your question": "In green?" } },
        { hears: "We will answer soon." },
      ],
      [{ choose: "Is there a trial?" }, { choose: "Yes, thank you" }, { hears: "Glad to hear it!" }],
      [
        { choose: "Is there a trial?" },
        { choose: "Not quite" },
        { fill: { "Work e-mail": "ask@example.com", "Your question": "Do you ship to Norway?" } },
        { hears: "We will answer soon." },
      ],
    ],
  },
  {
    name: "Abandoned pricing page",
    cards: [
      {
        card: "Question",
        title: "Missing",
        asks: "What would you need to decide?",
        responses: ["A price", "More time"],
        to: { "A price": "Known", "More time": "Later" },
      },
      {
        card: "Branch",
        title: "Known",
        cases: [{ name: "We know the address", conditions: [["E-mail", "is known"]] }],
        to: { "We know the address": "Wanted", Otherwise: "Contact" },
      },
      { card: "Form", title: "Contact", asks: "Where to?", fields: [EMAIL], to: "Wanted" },
      { card: "Goal", title: "Wanted", goal: "Offer by hand", to: "Note" },
      { card: "Action", title: "Note", points: 15, moment: "On the pricing page", to: "Soon" },
      says("Soon", "You will hear from us today."),
      says("Later", "Of course."),
    ],
    walks: [
      [
        { choose: "A price" },
        { fill: { "Work e-mail": "price@example.com" } },
        { hears: "You will hear from us today." },
      ],
      [{ choose: "More time" }, { hears: "Of course." }],
    ],
  },
  {
    name: "Account-based welcome",
    cards: [
      {
        card: "Branch",
        title: "Which company",
        cases: [{ name: "Large", conditions: [["Company size", "is greater than", "200"]] }],
        to: { Large: "Named", Otherwise: "Hello" },
      },
      { card: "Message", title: "Named", says: "Welcome to everybody from your company!", to: "Offer" },
      { card: "Message", title: "Hello", says: "Good to see you here.", to: "Offer" },
      {
        card: "Question",
        title: "Offer",
        asks: "What can we do for you?",
        responses: ["Talk to somebody", "Just looking"],
        to: { "Talk to somebody": "Contact", "Just looking": "Bye" },
      },
      { card: "Form", title: "Contact", asks: "Whom may we write to?", fields: [NAME, EMAIL], to: "Reached" },
      { card: "Goal", title: "Reached", goal: "Account by hand", to: "Note" },
      { card: "Action", title: "Note", points: 25, to: "Thanks" },
      says("Thanks", "Your contact will write today."),
      says("Bye", "Make yourself at home."),
    ],
    walks: [
      [
        { hears: "Good to see you here." },
        { choose: "Talk to somebody" },
        { fill: who("account") },
        { hears: "Your contact will write today." },
      ],
      [{ choose: "Just looking" }, { hears: "Make yourself at home." }],
    ],
  },
];
