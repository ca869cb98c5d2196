import { Editor } from "@tiptap/core";
import type { RichText } from "@usher/api";
import { same } from "@usher/stream";
import { useEffect, useRef, useState } from "react";
import { type DocNode, fromDocument, toDocument } from "./document.ts";
import { transferHandlers } from "./plain-transfer.ts";
import { extensionsOf } from "./schema.ts";

interface EditorSettings {
  value: RichText;
  onChange: (text: RichText) => void;
  readOnly: boolean;
  tokenName: (inner: string) => string;
  /** Ids of what names the field, and of what is wrong with it. */
  labelledBy: string;
  errorMessage: string | null;
}

/** An editor in the element for as long as it is there; its text follows the value, and the value the text. */
export function useEditor(element: HTMLElement | null, settings: EditorSettings): Editor | null {
  const [editor, setEditor] = useState<Editor | null>(null);
  const latest = useRef(settings);
  latest.current = settings;
  useEffect(() => {
    if (element === null) return undefined;
    const made: { editor: Editor | null } = { editor: null };
    made.editor = new Editor({
      element,
      extensions: extensionsOf({ name: (inner) => latest.current.tokenName(inner) }),
      content: toDocument(latest.current.value),
      editable: !latest.current.readOnly,
      // The page writes no style element; the stylesheet has the rules.
      injectCSS: false,
      enablePasteRules: false,
      editorProps: {
        attributes: {
          role: "textbox",
          "aria-multiline": "true",
          "aria-labelledby": latest.current.labelledBy,
        },
        handleDOMEvents: transferHandlers(() => made.editor),
      },
      onUpdate: ({ editor }) => {
        const text = textOf(editor);
        if (!same(text, latest.current.value)) latest.current.onChange(text);
      },
    });
    setEditor(made.editor);
    return () => {
      made.editor?.destroy();
      setEditor(null);
    };
  }, [element]);

  const { value, readOnly, errorMessage } = settings;
  useEffect(() => {
    // Undo, or somebody else's draft: the text is no longer what was typed.
    if (editor && !editor.isDestroyed && !same(textOf(editor), value)) {
      editor.commands.setContent(toDocument(value), { emitUpdate: false });
    }
  }, [editor, value]);
  useEffect(() => {
    if (editor && !editor.isDestroyed && editor.isEditable === readOnly) editor.setEditable(!readOnly, false);
  }, [editor, readOnly]);
  useEffect(() => {
    const field = editor === null || editor.isDestroyed ? null : editor.view.dom;
    if (errorMessage !== null) {
      field?.setAttribute("aria-invalid", "true");
      field?.setAttribute("aria-errormessage", errorMessage);
    } else {
      field?.removeAttribute("aria-invalid");
      field?.removeAttribute("aria-errormessage");
    }
  }, [editor, errorMessage]);
  return editor;
}

const textOf = (editor: Editor): RichText => fromDocument(editor.getJSON() as DocNode);
