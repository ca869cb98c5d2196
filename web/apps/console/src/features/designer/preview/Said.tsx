import { ActionIcon } from "@mantine/core";
import type { Message } from "@usher/api";
import { UndoIcon } from "#lib/ui/icons.ts";
import { MessageContent } from "#lib/ui/Transcript.tsx";
import { useActions, useDesign } from "../design.ts";
import classes from "./preview.module.css";

interface SaidProps {
  messages: readonly Message[];
  mayGoBack: boolean;
}

/** What was said so far; a bubble leads to its card, an answer can be taken back. */
export function Said({ messages, mayGoBack }: SaidProps) {
  const { preview, board } = useDesign();
  const { select } = useActions();
  const cards = new Set(board.stream.cards.map((card) => card.id));
  return (
    <ol className={classes.messages}>
      {messages
        .filter((message) => !message.superseded)
        .map((message) => (
          <li key={message.seq} data-from={message.from}>
            {message.from === "visitor" && mayGoBack && message.card_id !== null ? (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label="Answer this again"
                title="Answer this again"
                disabled={preview.busy}
                onClick={() => preview.send({ back: { card_id: message.card_id ?? "" } })}
              >
                <UndoIcon size={14} />
              </ActionIcon>
            ) : null}
            <Bubble
              message={message}
              onOpen={
                message.card_id !== null && cards.has(message.card_id)
                  ? () => select([message.card_id ?? ""], { reveal: true })
                  : null
              }
            />
          </li>
        ))}
    </ol>
  );
}

function Bubble({ message, onOpen }: { message: Message; onOpen: (() => void) | null }) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the pointer; by key cards are reached on the canvas
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <div
      className={classes.bubble}
      onClick={onOpen ?? undefined}
      title={onOpen ? "Show the card" : undefined}
    >
      <MessageContent message={message} />
    </div>
  );
}
