import { fill } from "../languages/fill.ts";
import { Icon } from "./icons.tsx";
import type { LiveUi } from "./live-ui.ts";

/** Words to the agent, also while one is being fetched. */
export const LiveComposer = ({ talk, live, state, config, t, draft, redraw, files }: LiveUi) => {
  if (live.chat.state === "ended") return null;
  const card = live.chat.id;
  if (draft.card !== card) Object.assign(draft, { card, text: "" });
  const count = [...draft.text].length;
  const tooLong = count > config.max_text;
  const words = draft.text.trim();
  const send = () => {
    if (!words || tooLong) return;
    draft.text = "";
    state.typed(false);
    talk.say(words);
    redraw();
  };
  return [
    <form
      key={card}
      class="composer"
      ondragover={files?.ondragover}
      ondrop={files?.ondrop}
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
        {files?.button()}
        <textarea
          rows="1"
          dir="auto"
          value={draft.text}
          placeholder={t.write}
          aria-label={t.write}
          aria-invalid={tooLong}
          aria-describedby={tooLong && "usher-long"}
          enterkeyhint="send"
          onpaste={files?.onpaste}
          oninput={({ currentTarget }) => {
            draft.text = currentTarget.value;
            state.typed(draft.text !== "");
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
