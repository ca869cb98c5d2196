import { Button, Group, Popover, Stack, TextInput } from "@mantine/core";
import type { Editor } from "@tiptap/core";
import { type FormEvent, useState } from "react";
import { LinkIcon } from "../icons.ts";
import { Tool } from "./Tool.tsx";

const SAFE = /^(https?:\/\/|mailto:|tel:)\S+$/i;

/** The address as it is kept: one without a scheme is a website, or somebody's mail. */
export function completed(address: string): string | null {
  const text = address.trim();
  const whole = SAFE.test(text)
    ? text
    : /^[^\s@]+@[^\s@]+$/.test(text)
      ? `mailto:${text}`
      : `https://${text}`;
  if (!SAFE.test(whole) || text === "" || /^[a-z]+:(?!\/\/)/i.test(text) !== /^(mailto|tel):/i.test(text))
    return null;
  return URL.canParse(whole) ? whole : null;
}

/** Makes the selected words a link, or changes the one in which the cursor stands. */
export function LinkTool({ editor }: { editor: Editor }) {
  const [address, setAddress] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  const open = () => {
    if (editor.isActive("link")) editor.chain().extendMarkRange("link").run();
    setWrong(false);
    setAddress(String(editor.getAttributes("link").href ?? ""));
  };
  const close = () => setAddress(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Inside of the card's own fields: it must not reach them.
    event.stopPropagation();
    const href = completed(address ?? "");
    if (href === null) {
      setWrong(true);
      return;
    }
    const words = editor.state.selection.empty ? href.replace(/^(https?:\/\/|mailto:|tel:)/i, "") : null;
    close();
    const chain = editor.chain().focus();
    if (words === null) chain.setMark("link", { href }).run();
    else chain.insertContent({ type: "text", text: words, marks: [{ type: "link", attrs: { href } }] }).run();
  };
  const remove = () => {
    close();
    editor.chain().focus().unsetMark("link").run();
  };
  return (
    <Popover opened={address !== null} onChange={(opened) => !opened && close()} width={300} trapFocus>
      <Popover.Target>
        <Tool label="Link" icon={LinkIcon} on={editor.isActive("link")} run={open} />
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={submit}>
          <Stack gap="sm">
            <TextInput
              label="Address"
              size="xs"
              placeholder="https://… or an e-mail address"
              value={address ?? ""}
              error={wrong ? "Write a web or e-mail address" : null}
              onChange={(event) => {
                setWrong(false);
                setAddress(event.currentTarget.value);
              }}
              data-autofocus
            />
            <Group justify="flex-end" gap="xs">
              {editor.isActive("link") ? (
                <Button variant="subtle" color="gray" onClick={remove}>
                  Remove
                </Button>
              ) : null}
              <Button type="submit">Link</Button>
            </Group>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
