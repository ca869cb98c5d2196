/** What an author did in the preview, as the steps of a scripted test. */
import type { AnswerInput, Did, Preview, Script, ScriptStep, Waiting } from "@usher/api";

export type ScriptTurn = Exclude<ScriptStep, { step: `expect_${string}` }>;

/** A turn as a step of a test; null for what no test does. */
export function turnOf(did: Did, waiting: Waiting | null): ScriptTurn | null {
  if ("back" in did) return { step: "back", card: did.back.card_id };
  if ("answer" in did) return answered(did.answer.input, waiting);
  return null;
}

function answered(input: AnswerInput, waiting: Waiting | null): ScriptTurn {
  switch (input.kind) {
    case "response": {
      const offered = waiting?.kind === "question" ? waiting.responses : [];
      const label = offered.find((one) => one.id === input.response_id)?.label;
      return { step: "choose", response: label ?? input.response_id };
    }
    case "text":
      return { step: "type", text: input.text };
    case "values": {
      const fields = waiting?.kind === "info" ? waiting.fields : [];
      const label = (id: string) => fields.find((one) => one.id === id)?.label || id;
      const filled = Object.entries(input.values).filter(([, value]) => value !== "");
      return {
        step: "fill",
        values: Object.fromEntries(filled.map(([id, value]) => [label(id), String(value)])),
      };
    }
    case "skip":
      return { step: "skip" };
    case "continue":
      return { step: "continue" };
  }
}

/** The conversation so far as a test: it expects what came of it. */
export function scriptOf(
  name: string,
  turns: readonly ScriptTurn[],
  now: Pick<Preview, "goals" | "ended" | "current_card">,
): Script {
  const goals = [...new Set(now.goals)].map((goal): ScriptStep => ({ step: "expect_goal", goal }));
  const rest: ScriptStep[] = now.ended
    ? [{ step: "expect_end" }]
    : now.current_card === null
      ? []
      : [{ step: "expect_asks", card: now.current_card }];
  return { name, steps: [...turns, ...goals, ...rest] };
}
