import { Group } from "@mantine/core";
import type { Editor } from "@tiptap/core";
import { type ReactNode, useEffect, useReducer } from "react";
import { BoldIcon, ItalicIcon, ListIcon, ListOrderedIcon } from "../icons.ts";
import { keyText } from "../Shown.tsx";
import { EmojiPicker } from "./EmojiPicker.tsx";
import { LinkTool } from "./LinkTool.tsx";
import { Tool } from "./Tool.tsx";

/** How the text looks, and what is put into it. */
export function Toolbar({
  editor,
  label,
  children,
}: {
  editor: Editor;
  label: string;
  children?: ReactNode;
}) {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    editor.on("transaction", redraw);
    return () => void editor.off("transaction", redraw);
  }, [editor]);
  if (editor.isDestroyed) return null;
  const chain = () => editor.chain().focus();
  return (
    <Group gap={0} wrap="nowrap" role="toolbar" aria-label={`Format of “${label}”`}>
      <Tool
        label={`Bold (${keyText("mod+b")})`}
        icon={BoldIcon}
        on={editor.isActive("bold")}
        run={() => chain().toggleMark("bold").run()}
      />
      <Tool
        label={`Italic (${keyText("mod+i")})`}
        icon={ItalicIcon}
        on={editor.isActive("italic")}
        run={() => chain().toggleMark("italic").run()}
      />
      <LinkTool editor={editor} />
      <Tool
        label="List"
        icon={ListIcon}
        on={editor.isActive("bulletList")}
        run={() => chain().toggleList("bulletList", "listItem").run()}
      />
      <Tool
        label="Numbered list"
        icon={ListOrderedIcon}
        on={editor.isActive("orderedList")}
        run={() => chain().toggleList("orderedList", "listItem").run()}
      />
      <EmojiPicker onPick={(emoji) => chain().insertContent(emoji).run()} />
      {children}
    </Group>
  );
}
