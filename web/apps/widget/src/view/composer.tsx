import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { fill } from "../languages/en.ts";
import { Icon } from "./icons.tsx";
import type { Ui } from "./ui.ts";

/** Free text to the card that waits for it. */
export const Composer = ({ chat, scene, config, t, cardId }: Ui & { cardId: string }) => {
  const refused = scene.rejected?.card_id === cardId ? scene.rejected : null;
  const [text, setText] = useState(refused?.input.kind === "text" ? refused.input.text : "");
  const box = useRef<HTMLTextAreaElement>(null);
  const count = [...text].length;
  const tooLong = count > config.max_text;
  const words = text.trim();

  useLayoutEffect(() => {
    const area = box.current;
    if (!area) return;
    // Grows with its text up to the limit that the style sheet sets.
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  });

  const send = () => {
    if (!words || tooLong) return;
    setText("");
    chat.answer({ kind: "text", text: words }, { text: words });
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
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
          ref={box}
          rows={1}
          dir="auto"
          value={text}
          placeholder={t.write}
          aria-label={t.write}
          aria-invalid={tooLong}
          aria-describedby={tooLong ? "usher-long" : undefined}
          enterkeyhint="send"
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
              event.preventDefault();
              send();
            }
          }}
        />
        <button type="submit" class="send" aria-label={t.send} disabled={!words || tooLong}>
          <Icon of="send" />
        </button>
      </div>
    </form>
  );
};
