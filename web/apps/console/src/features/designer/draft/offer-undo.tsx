import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";

/** Says what was done, with the way back. */
export function offerUndo(message: string, undo: () => void): void {
  const id = notifications.show({
    color: "accent",
    withBorder: true,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          Undo
        </Button>
      </Group>
    ),
  });
}
