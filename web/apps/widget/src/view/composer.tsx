import { fill } from "../languages/fill.ts";
import { Icon } from "./icons.tsx";
import type { Ui } from "./ui.ts";

/** Free text to the card that waits for it. */
export const Composer = ({ talk, scene, config, t, draft, redraw }: Ui) => {
  const { waiting } = scene;
  const asks = waiting?.kind === "ai_answer";
  if (!waiting || !(asks || (waiting.kind === "question" && waiting.allow_text))) return null;
  const card = waiting.card_id;
  if (draft.card !== card) {
    const refused = scene.rejected?.card_id === card ? scene.rejected.input : null;
    draft.card = card;
    draft.text = refused?.kind === "text" ? refused.text : "";
  }
  const invitation = asks ? t.ask : t.write;
  const count = [...draft.text].length;
  const tooLong = count > config.max_text;
  const words = draft.text.trim();
  const send = () => {
    if (!words || tooLong) return;
    draft.card = "";
    talk.answer({ kind: "text", text: words }, { text: words });
  };

  return [
    <form
      key={card}
      class="composer"
      onsubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {tooLong && (
        <p class="error" id="usher-long" role="alert">
          {fill(t.too_long, { max: config.max_text, count })}
        </p>
      )}
      <div class="compose">
        <textarea
          rows="1"
          dir="auto"
          value={draft.text}
          placeholder={invitation}
          aria-label={invitation}
          aria-invalid={tooLong}
          aria-describedby={tooLong && "usher-long"}
          enterkeyhint="send"
          oninput={({ currentTarget }) => {
            draft.text = currentTarget.value;
            redraw();
          }}
          onkeydown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
              event.preventDefault();
              send();
            }
          }}
          drawn={(area) => {
            // Grows with its text up to the limit that the style sheet sets.
            area.style.height = "auto";
            area.style.height = `${area.scrollHeight}px`;
          }}
        />
        <button type="submit" class="send" aria-label={t.send} disabled={!words || tooLong}>
          <Icon of="send" />
        </button>
      </div>
    </form>,
  ];
};
