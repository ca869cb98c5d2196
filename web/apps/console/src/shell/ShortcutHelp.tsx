import { Group, Modal, Stack, Text, Title } from "@mantine/core";
import { Keys } from "#lib/ui/Shown.tsx";
import { type Shortcut, useShortcuts } from "#lib/ui/shortcuts.ts";

const ORDER = ["Anywhere", "Go to", "Lists", "Editing", "Canvas", "This screen"];

/** What `?` shows: every shortcut that works on this screen, by group. */
export function ShortcutHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const all = unique(useShortcuts());
  const names = [...new Set(all.map((one) => one.group))].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  return (
    <Modal opened={opened} onClose={onClose} title="Shortcuts" closeButtonProps={{ "aria-label": "Close" }}>
      <Stack gap="lg">
        {names.map((name) => (
          <section key={name}>
            <Title order={3} mb="xs">
              {name}
            </Title>
            <Stack gap={6}>
              {all
                .filter((one) => one.group === name)
                .map((one) => (
                  <Group key={one.keys} justify="space-between" wrap="nowrap">
                    <Text size="sm">{one.label}</Text>
                    <Keys keys={one.shown ?? one.keys} />
                  </Group>
                ))}
            </Stack>
          </section>
        ))}
      </Stack>
    </Modal>
  );
}

function unique(all: readonly Shortcut[]): Shortcut[] {
  const listed = all.filter((one) => one.shown !== null);
  return [...new Map(listed.map((one) => [one.keys, one])).values()];
}
