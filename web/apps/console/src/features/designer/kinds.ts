/** Dialogues and flows are edited alike; what differs between them stands here. */
export interface StreamKind {
  /** First part of the keys in the query cache. */
  key: "dialogues" | "flows";
  /** Address of the API, and of the screen. */
  path: "/dialogues" | "/flows";
  noun: "dialogue" | "flow";
  Noun: "Dialogue" | "Flow";
  may: { view: string; manage: string; publish: string };
}

export const DIALOGUE: StreamKind = {
  key: "dialogues",
  path: "/dialogues",
  noun: "dialogue",
  Noun: "Dialogue",
  may: { view: "dialogues.view", manage: "dialogues.manage", publish: "dialogues.publish" },
};

export const FLOW: StreamKind = {
  key: "flows",
  path: "/flows",
  noun: "flow",
  Noun: "Flow",
  may: { view: "flows.view", manage: "flows.manage", publish: "flows.publish" },
};
