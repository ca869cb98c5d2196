import { ActionIcon, Tooltip } from "@mantine/core";
import { useRef } from "react";
import { PaperclipIcon } from "#lib/ui/icons.ts";
import { FILE_TYPES } from "./chats.ts";

/** Chooses files for the visitor. */
export function AttachButton({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept={FILE_TYPES}
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])]);
          // The same file can be chosen again.
          currentTarget.value = "";
        }}
      />
      <Tooltip label="Picture or PDF, at most 10 MB; paste and drop work as well">
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label="Send a file"
          onClick={() => input.current?.click()}
        >
          <PaperclipIcon size={16} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}
