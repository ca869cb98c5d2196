import type { QuestionWaiting } from "../protocol.ts";
import type { Ui } from "./ui.ts";

/** The responses that a question offers. */
export const QuestionCard = ({ waiting, talk, label }: Ui & { waiting: QuestionWaiting; label: string }) => (
  // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend; the question itself stands above.
  <div class={`responses ${waiting.style}`} role="group" aria-label={label}>
    {waiting.responses.map((r) => (
      <button
        type="button"
        key={r.id}
        dir="auto"
        onclick={() => talk.answer({ kind: "response", response_id: r.id }, { text: r.label })}
      >
        {r.label}
      </button>
    ))}
  </div>
);
