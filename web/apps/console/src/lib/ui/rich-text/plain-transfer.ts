/**
 * Copying, pasting and dropping as plain text with light marks. Markup of
 * other pages is never read: the policy of the console allows no text to
 * become markup, and nothing of it could be kept anyway.
 */
import type { Editor } from "@tiptap/core";
import type { EditorView } from "@tiptap/pm/view";
import { fromMarks, toMarks } from "@usher/stream";
import { type DocNode, fromDocument, toDocument } from "./document.ts";

export function transferHandlers(editor: () => Editor | null) {
  return {
    copy: (view: EditorView, event: ClipboardEvent) => copy(view, event),
    cut: (view: EditorView, event: ClipboardEvent) => {
      const taken = copy(view, event);
      if (taken) view.dispatch(view.state.tr.deleteSelection());
      return taken;
    },
    paste: (_view: EditorView, event: ClipboardEvent) => {
      event.preventDefault();
      insert(editor(), event.clipboardData?.getData("text/plain") ?? "");
      return true;
    },
    drop: (view: EditorView, event: DragEvent) => {
      // What is dragged inside of the field is moved by the editor itself.
      if (view.dragging) return false;
      event.preventDefault();
      const at = view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos;
      const text = event.dataTransfer?.getData("text/plain") ?? "";
      if (at !== undefined) editor()?.commands.setTextSelection(at);
      insert(editor(), text);
      return true;
    },
  };
}

function copy(view: EditorView, event: ClipboardEvent): boolean {
  const { selection } = view.state;
  if (selection.empty || event.clipboardData === null) return false;
  event.preventDefault();
  const content = selection.content().content.toJSON() as DocNode[];
  event.clipboardData.setData("text/plain", toMarks(fromDocument({ type: "doc", content })));
  return true;
}

function insert(editor: Editor | null, text: string): void {
  const blocks = toDocument(fromMarks(text)).content ?? [];
  const [only] = blocks;
  // One line goes into the line where it is pasted.
  const inline = blocks.length === 1 && only?.type === "paragraph" ? (only.content ?? []) : blocks;
  if (text !== "" && inline.length > 0) editor?.commands.insertContent(inline);
}
