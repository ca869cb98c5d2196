import { useQuery } from "@tanstack/react-query";
import type { RichText } from "@usher/api";
import { useCallback } from "react";
import { attributesQuery } from "#lib/api/shared.ts";
import { RichTextEditor } from "#lib/ui/rich-text/RichTextEditor.tsx";
import { useActions } from "../design.ts";
import { TokenPicker } from "./TokenPicker.tsx";
import { tokenName } from "./tokens.ts";

interface CardTextProps {
  label: string;
  value: RichText;
  placeholder?: string;
  description?: string;
  error?: string;
  onChange: (text: RichText) => void;
}

/** What a card says, with tokens to choose from. */
export function CardText(props: CardTextProps) {
  const { readOnly } = useActions();
  const attributes = useQuery(attributesQuery).data;
  const name = useCallback((inner: string) => tokenName(inner, attributes ?? []), [attributes]);
  return (
    <RichTextEditor
      // Names of tokens are drawn once: again when they are known.
      key={attributes === undefined ? "unnamed" : "named"}
      {...props}
      readOnly={readOnly}
      tokenName={name}
      tools={(editor) => (
        <TokenPicker
          onPick={(inner) => editor.chain().focus().insertContent({ type: "token", attrs: { inner } }).run()}
        />
      )}
    />
  );
}
