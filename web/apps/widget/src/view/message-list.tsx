import { fill } from "../languages/fill.ts";
import type { Message } from "../protocol.ts";
import type { Echo } from "../state/outbox.ts";
import { Avatar } from "./avatar.tsx";
import { FOCUSABLE } from "./focus.ts";
import { Icon } from "./icons.tsx";
import { InfoCard } from "./info-card.tsx";
import { LazyDocument } from "./lazy.tsx";
import { QuestionCard } from "./question-card.tsx";
import { plainText, RichTextView } from "./rich-text.tsx";
import type { Ui } from "./ui.ts";

/** What was said, what is being said, and the card that waits for the visitor. */
export const MessageList = (ui: Ui) => {
  const { scene, config, t, talk } = ui;
  const { messages, pending, waiting } = scene;
  /** The card's question stands above it as a message; its controls carry it as their group's name. */
  const asked = plainText(messages.findLast((m) => m.from === "bot")?.text ?? { blocks: [] });

  const stand = [
    messages.length,
    pending.length,
    scene.typing,
    waiting?.card_id,
    scene.ended,
    talk.live?.stand(),
  ].join();

  return (
    <div class="list" drawn={(box) => follow(box, stand)}>
      <div role="log" aria-live="polite" class="log">
        {messages.map((m, i) => (
          <Row
            key={m.client_id ?? m.seq}
            message={m}
            ui={ui}
            first={m.from !== messages[i - 1]?.from || m.author?.name !== messages[i - 1]?.author?.name}
          />
        ))}
        {pending.map((op) => (
          <div class="row visitor pending" key={op.client_id}>
            <div class="bubble">
              <span class="sr">{t.you}: </span>
              <EchoView echo={op.echo} skipped={t.skipped} />
            </div>
            {scene.trouble && (
              <span class="note">
                <Icon of="wait" />
                {t.pending}
              </span>
            )}
          </div>
        ))}
      </div>
      {talk.live?.below(ui)}
      {scene.typing && (
        <div class="row bot">
          <Avatar config={config} />
          <div class="bubble dots" role="img" aria-label={fill(t.typing, { name: config.bot_name })}>
            <i />
            <i />
            <i />
          </div>
        </div>
      )}
      {waiting?.kind === "question" && (
        <QuestionCard key={waiting.card_id} {...ui} waiting={waiting} label={asked} />
      )}
      {waiting?.kind === "document" && (
        <LazyDocument key={waiting.card_id} {...ui} waiting={waiting} label={asked} />
      )}
      {waiting?.kind === "ai_answer" && (
        <div class="responses buttons">
          <button type="button" onclick={() => talk.answer({ kind: "skip" }, { text: t.enough })}>
            {t.enough}
          </button>
        </div>
      )}
      {waiting?.kind === "info" && <InfoCard key={waiting.card_id} {...ui} waiting={waiting} label={asked} />}
      {scene.ended && (
        <div class="end">
          <p>{t.ended}</p>
          {scene.allowRestart && (
            <button type="button" class="plain" onclick={talk.restart}>
              {t.restart}
            </button>
          )}
        </div>
      )}
    </div>
  );
};

/** What each list stood at when it was last scrolled. */
const followed = new WeakMap<HTMLElement, string>();
/** Scrolls to what is new; whoever reads further up is left in peace until there is something. */
const follow = (box: HTMLElement, stand: string) => {
  // With nothing in it to tab to, the list itself is what the arrow keys scroll.
  box.tabIndex = box.querySelector(FOCUSABLE) ? -1 : 0;
  if (followed.get(box) === stand) return;
  followed.set(box, stand);
  // The newest is in sight, but a tall card never pushes its own question out of it.
  const last = [...box.querySelectorAll<HTMLElement>(".row")].at(-1);
  box.scrollTop = Math.min(box.scrollHeight, last ? last.offsetTop - 16 : 0);
};

const Row = ({ message, ui, first }: { message: Message; ui: Ui; first: boolean }) => {
  const { config, t, talk, scene } = ui;
  if (message.from === "system") {
    return (
      <div class="row system" dir="auto">
        <RichTextView text={message.text} newTab={t.new_tab} />
      </div>
    );
  }
  if (message.from === "agent" || message.attachment) return talk.live?.row(message, first, ui);
  if (message.from === "bot") {
    return (
      <div class={`row bot${first ? " first" : ""}`}>
        {first && <Avatar config={config} />}
        <div class="bubble" dir="auto">
          {first && <span class="sr">{config.bot_name}: </span>}
          <RichTextView text={message.text} newTab={t.new_tab} />
        </div>
      </div>
    );
  }
  const answer = message.answer;
  const values = answer?.values?.length ? answer.values : undefined;
  const words = values ? values.map((v) => v.value).join(", ") : plainText(message.text);
  // Going on after a document has words only when its author gave some.
  const said = words || (answer && !answer.skipped && !answer.values ? t.go_on : "");
  return (
    <div class="row visitor">
      <div class="bubble">
        <span class="sr">{t.you}: </span>
        <EchoView echo={{ text: said, values }} skipped={t.skipped} />
      </div>
      {scene.allowBack && answer && (
        <button
          type="button"
          class="change"
          aria-label={`${t.change}: ${said || t.skipped}`}
          onclick={() => talk.back(answer.card_id)}
        >
          {t.change}
        </button>
      )}
    </div>
  );
};

/** A visitor's words: always text, never markup. */
const EchoView = ({ echo, skipped }: { echo: Echo; skipped: string }) => {
  if (echo.values) {
    return (
      <dl dir="auto">
        {echo.values.map((v) => (
          <div>
            <dt>{v.label}</dt>
            <dd>{v.value}</dd>
          </div>
        ))}
      </dl>
    );
  }
  return echo.text ? (
    <p class="words" dir="auto">
      {echo.text}
    </p>
  ) : (
    <em>{skipped}</em>
  );
};
