import { ActionIcon, Group, Textarea } from "@mantine/core";
import type { RichText, Stream } from "@usher/api";
import { fromMarks, same, toMarks } from "@usher/stream";
import { type KeyboardEvent, type ReactNode, useId, useLayoutEffect, useRef, useState } from "react";
import { BoldIcon, ItalicIcon, LinkIcon, ListIcon } from "#lib/ui/icons.ts";
import { RichTextView } from "#lib/ui/RichTextView.tsx";
import { keyText } from "#lib/ui/Shown.tsx";
import classes from "./cards.module.css";
import { insertAt, itemize, linkAround, type Selection, wrap } from "./marking.ts";
import { TokenPicker } from "./TokenPicker.tsx";

interface TextEditorProps {
  label: string;
  value: RichText;
  stream: Stream;
  error?: string;
  onChange: (text: RichText) => void;
}

/** Rich text as a text area with light marks; what comes out is structure, never markup. */
export function TextEditor({ label, value, stream, error, onChange }: TextEditorProps) {
  const [marks, setMarks] = useState(() => toMarks(value));
  const field = useRef<HTMLTextAreaElement>(null);
  const pending = useRef<Selection | null>(null);
  const id = useId();
  // Undo, or somebody else's draft: the text is no longer what was typed.
  const shown = same(fromMarks(marks), value) ? marks : toMarks(value);
  useLayoutEffect(() => {
    const selection = pending.current;
    if (selection === null || field.current === null) return;
    pending.current = null;
    field.current.focus();
    field.current.setSelectionRange(selection.start, selection.end);
  });

  const type = (text: string) => {
    setMarks(text);
    const next = fromMarks(text);
    if (!same(next, value)) onChange(next);
  };
  const apply = (edit: (selection: Selection) => Selection) => {
    const area = field.current;
    if (area === null) return;
    const next = edit({ text: shown, start: area.selectionStart, end: area.selectionEnd });
    pending.current = next;
    type(next.text);
  };
  const bold = () => apply((selection) => wrap(selection, "**"));
  const italic = () => apply((selection) => wrap(selection, "*"));
  const byKey = (event: KeyboardEvent) => {
    if (!(event.metaKey || event.ctrlKey) || event.altKey) return;
    const run = { b: bold, i: italic }[event.key.toLowerCase()];
    if (run === undefined) return;
    event.preventDefault();
    run();
  };
  const marked = value.blocks.some(
    (block) =>
      block.type === "list" ||
      block.spans.some((span) => span.bold || span.italic || span.link !== undefined),
  );
  return (
    <div>
      <Group justify="space-between" align="end" mb={4}>
        <label htmlFor={id} className={classes.label}>
          {label}
        </label>
        <Group gap={2}>
          <Tool label={`Bold (${keyText("mod+b")})`} icon={<BoldIcon size={14} />} run={bold} />
          <Tool label={`Italic (${keyText("mod+i")})`} icon={<ItalicIcon size={14} />} run={italic} />
          <Tool label="Link" icon={<LinkIcon size={14} />} run={() => apply(linkAround)} />
          <Tool label="List" icon={<ListIcon size={14} />} run={() => apply(itemize)} />
          <TokenPicker stream={stream} onPick={(token) => apply((selection) => insertAt(selection, token))} />
        </Group>
      </Group>
      <Textarea
        id={id}
        ref={field}
        autosize
        minRows={3}
        maxRows={14}
        dir="auto"
        value={shown}
        error={error}
        onKeyDown={byKey}
        onChange={(event) => type(event.currentTarget.value)}
      />
      {marked ? (
        <div className={classes.reads}>
          <RichTextView text={value} />
        </div>
      ) : null}
    </div>
  );
}

function Tool({ label, icon, run }: { label: string; icon: ReactNode; run: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray" size="md" aria-label={label} title={label} onClick={run}>
      {icon}
    </ActionIcon>
  );
}
