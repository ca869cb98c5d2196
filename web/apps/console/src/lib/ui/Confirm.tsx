import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";

interface ConfirmProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What will happen, and what cannot be undone. */
  children: ReactNode;
  action: string;
  onConfirm: () => void;
  busy?: boolean;
  /** Must be typed before the button works: for what cannot be undone. */
  typed?: string;
}

/** A confirmation, only for what cannot be undone. */
export function Confirm(props: ConfirmProps) {
  const [text, setText] = useState("");
  const ready = props.typed === undefined || text.trim().toLowerCase() === props.typed.trim().toLowerCase();
  const close = () => {
    setText("");
    props.onClose();
  };
  return (
    <Modal
      opened={props.opened}
      onClose={close}
      title={props.title}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) props.onConfirm();
        }}
      >
        <Stack>
          <Text size="sm" component="div">
            {props.children}
          </Text>
          {props.typed === undefined ? null : (
            <TextInput
              label={
                <>
                  Type <b dir="auto">{props.typed}</b> to confirm
                </>
              }
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              autoComplete="off"
              data-autofocus
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Keep
            </Button>
            <Button type="submit" color="red" disabled={!ready} loading={props.busy}>
              {props.action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
