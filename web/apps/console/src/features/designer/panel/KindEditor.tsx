import type { Card } from "@usher/api";
import { ActionEditor } from "./ActionEditor.tsx";
import { BranchEditor } from "./BranchEditor.tsx";
import { FormEditor } from "./FormEditor.tsx";
import type { KindEditorProps } from "./kind-editors.ts";
import { QuestionEditor } from "./QuestionEditor.tsx";
import {
  AiAnswerEditor,
  DocumentEditor,
  FlowEditor,
  GoalEditor,
  JumpEditor,
  LiveChatEditor,
  MeetingEditor,
  MessageEditor,
} from "./simple-editors.tsx";

/** The fields of a card, by its kind. */
export function KindEditor({ card, ...rest }: KindEditorProps<Card>) {
  switch (card.kind) {
    case "message":
      return <MessageEditor card={card} {...rest} />;
    case "question":
      return <QuestionEditor card={card} {...rest} />;
    case "info_capture":
      return <FormEditor card={card} {...rest} />;
    case "document":
      return <DocumentEditor card={card} {...rest} />;
    case "meeting":
      return <MeetingEditor card={card} {...rest} />;
    case "live_chat":
      return <LiveChatEditor card={card} {...rest} />;
    case "goal":
      return <GoalEditor card={card} {...rest} />;
    case "action":
      return <ActionEditor card={card} {...rest} />;
    case "branch":
      return <BranchEditor card={card} {...rest} />;
    case "flow":
      return <FlowEditor card={card} {...rest} />;
    case "ai_answer":
      return <AiAnswerEditor card={card} {...rest} />;
    case "jump":
      return <JumpEditor card={card} {...rest} />;
  }
}

/** Fields beside which the editors show what was found; anything else stands above them. */
export const SHOWN_FIELDS = [
  "text",
  "title",
  "next",
  "goal",
  "responses",
  "fields",
  "free_text",
  "attribute",
  "document",
  "continue_label",
  "routing",
  "save_agent_name",
  "save_agent_email",
  "fallback",
  "booked",
  "not_booked",
  "actions",
  "cases",
  "otherwise",
  "flow",
  "follow_up",
  "questions",
  "instructions",
  "not_answered",
  "to",
];
