import { fill } from "../languages/fill.ts";
import type { LiveWords } from "../languages/live.ts";
import type { Message, VisitorsAgent } from "../protocol.ts";
import { Farewell } from "./farewell.tsx";
import type { Files, LiveUi } from "./live-ui.ts";
import { RichTextView } from "./rich-text.tsx";
import type { Ui } from "./ui.ts";

/** An agent's picture over the first letter of the name. */
const Face = ({ agent }: { agent: VisitorsAgent | null | undefined }) => (
  <span class="avatar" aria-hidden="true">
    {([...(agent?.name ?? "").trim()][0] ?? "·").toUpperCase()}
    {agent?.avatar_url && <img src={agent.avatar_url} alt="" />}
  </span>
);

/** Who is there, and the way out. */
export const LiveBar = ({ live: { chat }, state, w, style }: LiveUi) => {
  if (chat.state !== "with_agent") return <div class="live-bar" hidden drawn={style} />;
  const names = chat.agents.map((one) => one.name).join(", ");
  return (
    <div class="live-bar" drawn={style}>
      <Face agent={chat.agents[0]} />
      <p dir="auto">{fill(w.with, { name: names || w.agent })}</p>
      <button type="button" class="plain" onclick={state.finish}>
        {w.end}
      </button>
    </div>
  );
};

type RowProps = { message: Message; first: boolean; ui: Ui; w: LiveWords; files: Files | null };

/** What an agent wrote, changed or taken back by its author for a while; and the visitor's files. */
export const AgentRow = ({ message, first, ui: { t }, w, files }: RowProps) => {
  const shown = (message.attachment && files?.show(message)) || (
    <RichTextView text={message.text} newTab={t.new_tab} />
  );
  if (message.from === "visitor") {
    return (
      <div class="row visitor">
        <div class="bubble" dir="auto">
          <span class="sr">{t.you}: </span>
          {shown}
        </div>
      </div>
    );
  }
  const name = message.author?.name || w.agent;
  return (
    <div class={`row bot${first ? " first" : ""}`}>
      {first && <Face agent={message.author} />}
      {first && (
        <span class="by" dir="auto">
          {name}
        </span>
      )}
      {message.deleted ? (
        <div class="bubble taken">{w.deleted}</div>
      ) : (
        <div class="bubble" dir="auto">
          {!first && <span class="sr">{name}: </span>}
          {shown}
        </div>
      )}
      {message.edited_at && !message.deleted && <span class="note">{w.edited}</span>}
    </div>
  );
};

/** What stands under the last message. */
export const Below = (ui: LiveUi) => {
  const { live, scene, state, w, t, files } = ui;
  const { chat, writer } = live;
  const own = scene.messages.findLast((m) => m.from === "visitor");
  const mark = own && own === scene.messages.at(-1) && !own.answer && scene.pending.length === 0;
  return [
    files?.pending(scene),
    mark && chat.state === "with_agent" && (
      <p class="mark-read" drawn={state.seen}>
        {live.read >= own.seq ? w.read : w.sent}
      </p>
    ),
    writer !== null && (
      <div class="row bot writing">
        <Face agent={chat.agents.find((one) => one.name === writer) ?? chat.agents[0]} />
        <div class="bubble dots" role="img" aria-label={fill(t.typing, { name: writer || w.agent })}>
          <i />
          <i />
          <i />
        </div>
      </div>
    ),
    // Always there, so that what comes into it is announced.
    <div class={chat.state === "waiting" ? "card wait" : "sr"} role="status" drawn={state.seen}>
      {chat.state === "waiting" && [
        <p>
          <span class="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {w.waiting}
        </p>,
        live.minutes !== null && <p class="bound">{fill(w.bound, { count: live.minutes })}</p>,
      ]}
    </div>,
    chat.state === "waiting" && (
      <div class="wait-actions">
        <button type="button" class="plain" onclick={state.finish}>
          {w.cancel}
        </button>
      </div>
    ),
    chat.state === "ended" && (chat.can_rate || chat.rated !== null) && <Farewell {...ui} />,
  ];
};
