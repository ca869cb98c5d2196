import { Button, Group, SegmentedControl, Text, Textarea } from "@mantine/core";
import type { Message } from "@usher/api";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { SendIcon } from "#lib/ui/icons.ts";
import { plainText } from "#lib/ui/RichTextView.tsx";
import { Keys } from "#lib/ui/Shown.tsx";
import { useShortcut } from "#lib/ui/shortcuts.ts";
import { AttachButton } from "./AttachButton.tsx";
import { CannedList } from "./CannedList.tsx";
import { EmojiButton } from "./EmojiButton.tsx";
import classes from "./inbox.module.css";
import { type Canned, useCanned } from "./use-canned.ts";

export type Mode = "text" | "note";

interface ComposerProps {
  chat: string;
  /** Whose words in which chat: they wait there while one looks at another. */
  draftOf: string;
  /** The message that is being changed, when one is. */
  changing: Message | null;
  /** False: not now, the words stay. */
  onSay: (mode: Mode, text: string) => Promise<boolean>;
  onStop: () => void;
  onTyping: (on: boolean) => void;
  /** The last of one's own messages is to be changed. */
  onLast: () => void;
  /** Files for the visitor. */
  onFiles: (files: readonly File[]) => void;
}

const MAX = 4000;
/** What is being written and not sent yet. */
const drafts = new Map<string, { mode: Mode; text: string }>();

/** Words to the visitor, or a note to colleagues. Enter sends, Shift and Enter begin a new line. */
export function Composer(props: ComposerProps) {
  const { chat, draftOf, changing, onSay, onStop, onTyping, onLast, onFiles } = props;
  const [kept] = useState(() => (changing ? asDraft(changing) : drafts.get(draftOf)));
  const [text, setText] = useState(kept?.text ?? "");
  const [mode, setMode] = useState<Mode>(kept?.mode ?? "text");
  const field = useRef<HTMLTextAreaElement>(null);
  const note = mode === "note";
  const focus = (next: Mode) => {
    setMode(next);
    field.current?.focus();
  };
  useShortcut("r", "Write to the visitor", () => focus("text"), { group: "Inbox" });
  useShortcut("n", "Write a note", () => focus("note"), { group: "Inbox" });
  useEffect(() => {
    if (changing) field.current?.focus();
  }, [changing]);
  useEffect(() => {
    if (!changing) drafts.set(draftOf, { mode, text });
  }, [changing, draftOf, mode, text]);

  const write = (value: string) => {
    setText(value);
    // Notes are nobody's business on the other side.
    if (!note && !changing) onTyping(value !== "");
  };
  const canned = useCanned(chat, text, write);
  /** Puts a sign where the caret stands. */
  const insert = (sign: string) => {
    const { selectionStart: from = text.length, selectionEnd: to = text.length } = field.current ?? {};
    write(text.slice(0, from) + sign + text.slice(to));
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(from + sign.length, from + sign.length);
    });
  };
  const send = async () => {
    const words = text.trim();
    if (words === "" || [...words].length > MAX) return;
    // Cleared at once, so that the next words do not wait for an answer; brought back when these may not go out yet.
    setText("");
    onTyping(false);
    if (!(await onSay(mode, words))) setText(words);
  };
  const keys = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || canned.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void send();
    } else if (event.key === "ArrowUp" && text === "" && !changing) {
      event.preventDefault();
      onLast();
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (changing) onStop();
      else field.current?.blur();
    }
  };
  const label = changing ? "Change the message" : note ? "Note for colleagues" : "Message to the visitor";
  return (
    <div className={classes.composer} data-note={note || undefined}>
      <CannedList canned={canned} />
      <Textarea
        ref={field}
        {...offering(canned)}
        aria-label={label}
        placeholder={
          note ? "A note: the visitor never sees it" : "Write to the visitor, / for canned responses"
        }
        value={text}
        onChange={(event) => write(event.currentTarget.value)}
        onKeyDown={keys}
        onPaste={(event) => {
          const files = [...event.clipboardData.files];
          if (files.length === 0 || note || changing) return;
          event.preventDefault();
          onFiles(files);
        }}
        error={[...text].length > MAX ? `At most ${MAX} characters` : undefined}
        autosize
        minRows={2}
        maxRows={8}
        variant="unstyled"
        dir="auto"
      />
      <Group justify="space-between" gap="xs">
        {changing ? (
          <Text size="xs" c="dimmed">
            Changing a message; Escape leaves it
          </Text>
        ) : (
          <SegmentedControl
            size="xs"
            aria-label="To whom"
            data={[
              { value: "text", label: "Reply" },
              { value: "note", label: "Note" },
            ]}
            value={mode}
            onChange={(value) => focus(value === "note" ? "note" : "text")}
          />
        )}
        <Group gap="xs">
          <EmojiButton onPick={insert} />
          {changing || note ? null : <AttachButton onFiles={onFiles} />}
          <span className={`${classes.keys} wide-only`}>
            <Keys keys="enter" /> sends
          </span>
          <Button
            leftSection={<SendIcon size={14} />}
            color={note ? "yellow.9" : "accent"}
            disabled={text.trim() === ""}
            onClick={() => void send()}
          >
            {changing ? "Save" : note ? "Keep note" : "Send"}
          </Button>
        </Group>
      </Group>
    </div>
  );
}

/** The list belongs to the field, which keeps the focus. */
function offering({ id, found, at }: Canned) {
  const list = { "aria-autocomplete": "list", "aria-haspopup": "listbox" } as const;
  return found.length === 0 ? list : { ...list, "aria-controls": id, "aria-activedescendant": `${id}-${at}` };
}

function asDraft({ kind, text }: Message): { mode: Mode; text: string } {
  return { mode: kind === "note" ? "note" : "text", text: plainText(text) };
}
