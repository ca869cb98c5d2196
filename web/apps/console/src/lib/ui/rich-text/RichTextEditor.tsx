import { Input } from "@mantine/core";
import type { Editor } from "@tiptap/core";
import type { RichText } from "@usher/api";
import { type ReactNode, useId, useState } from "react";
import classes from "./rich-text.module.css";
import { Toolbar } from "./Toolbar.tsx";
import { useEditor } from "./use-editor.ts";

interface RichTextEditorProps {
  label: string;
  value: RichText;
  onChange: (text: RichText) => void;
  placeholder?: string;
  description?: string;
  error?: string;
  readOnly?: boolean;
  /** What is shown of a token, without its braces. */
  tokenName?: (inner: string) => string;
  /** More tools, behind the usual ones. */
  tools?: (editor: Editor) => ReactNode;
}

/** A field for rich text, as it will be read: bold, italic, links, lists, emoji, tokens. */
export function RichTextEditor(props: RichTextEditorProps) {
  const id = useId();
  const [box, setBox] = useState<HTMLDivElement | null>(null);
  const editor = useEditor(box, {
    value: props.value,
    onChange: props.onChange,
    readOnly: props.readOnly === true,
    tokenName: props.tokenName ?? ((inner) => inner),
    labelledBy: `${id}-label`,
    errorMessage: props.error ? `${id}-error` : null,
  });
  return (
    <div className={classes.field} data-invalid={props.error ? true : undefined}>
      <div className={classes.head}>
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: as a label does, for the pointer */}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: see above */}
        <span id={`${id}-label`} className={classes.label} onClick={() => editor?.commands.focus()}>
          {props.label}
        </span>
        {editor && !props.readOnly ? (
          <Toolbar editor={editor} label={props.label}>
            {props.tools?.(editor)}
          </Toolbar>
        ) : null}
      </div>
      <div ref={setBox} className={classes.text} data-placeholder={props.placeholder} />
      {props.description ? <Input.Description mt={4}>{props.description}</Input.Description> : null}
      {props.error ? (
        <Input.Error id={`${id}-error`} mt={4}>
          {props.error}
        </Input.Error>
      ) : null}
    </div>
  );
}
