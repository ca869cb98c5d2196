/** What every form shares: ⌘S, the guard against losing changes, the head with its buttons. */
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { ApiProblem } from "@usher/api";
import { keyText } from "./Shown.tsx";
import { useShortcut } from "./shortcuts.ts";

/** Saves with ⌘S / Ctrl S while there is something to save. */
export function useSaveShortcut(save: () => void, active: boolean): void {
  // Registered even when clean, so that the browser's own "save page" never opens.
  useShortcut("mod+s", "Save", () => active && save(), { whileTyping: true, group: "Editing" });
}

/** Asks before unsaved changes are left behind. Render the result somewhere in the form. */
export function UnsavedGuard({ dirty, inside }: { dirty: boolean; inside?: string }) {
  const stays = (to: string) => inside !== undefined && (to === inside || to.startsWith(`${inside}/`));
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      dirty && current.pathname !== next.pathname && !stays(next.pathname),
    enableBeforeUnload: dirty,
    withResolver: true,
  });
  return (
    <Modal
      opened={blocker.status === "blocked"}
      onClose={() => blocker.reset?.()}
      title="Leave without saving?"
      closeButtonProps={{ "aria-label": "Stay" }}
    >
      <Stack>
        <Text size="sm">What you changed here has not been saved.</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => blocker.reset?.()} data-autofocus>
            Stay
          </Button>
          <Button color="red" onClick={() => blocker.proceed?.()}>
            Leave
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

interface SaveButtonsProps {
  dirty: boolean;
  saving: boolean;
  onSave: () => void;
  onDiscard: () => void;
}

/** Save and discard, for the head of a page; also binds ⌘S. */
export function SaveButtons({ dirty, saving, onSave, onDiscard }: SaveButtonsProps) {
  useSaveShortcut(onSave, dirty && !saving);
  return (
    <>
      {dirty ? (
        <Button variant="subtle" color="gray" onClick={onDiscard} disabled={saving}>
          Discard
        </Button>
      ) : null}
      <Button onClick={onSave} loading={saving} disabled={!dirty} title={`Save (${keyText("mod+s")})`}>
        {dirty ? "Save" : "Saved"}
      </Button>
    </>
  );
}

/**
 * The server's reasons by field name, for `form.setErrors`. `strip` is the
 * pointer prefix that the form's names leave out (`/attributes`).
 */
export function fieldErrors(error: unknown, strip = ""): Record<string, string> {
  if (!(error instanceof ApiProblem)) return {};
  const entries = error.errors.map((one) => {
    const inner =
      strip !== "" && one.field.startsWith(`${strip}/`) ? one.field.slice(strip.length) : one.field;
    return [inner.replace(/^\//, "").replaceAll("/", "."), one.reason] as const;
  });
  return Object.fromEntries(entries);
}

export const required = (message: string) => (value: string) => (value.trim() === "" ? message : null);

/** Shape only; the server decides. */
export const emailShape = (value: string) =>
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value.trim()) ? null : "Write an e-mail address, like ada@example.com";

/** The least the server accepts (10 signs); said before it refuses. */
export const newPassword = (value: string) =>
  value.length < 10 ? "Use at least 10 characters; a few words together work well" : null;
