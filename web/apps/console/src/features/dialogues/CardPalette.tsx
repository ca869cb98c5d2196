import { Button, Menu } from "@mantine/core";
import type { CardKind } from "@usher/api";
import { useState } from "react";
import { PlusIcon } from "#lib/ui/icons.ts";
import { Keys } from "#lib/ui/Shown.tsx";
import { useShortcut } from "#lib/ui/shortcuts.ts";
import { KINDS, LOOKS } from "./card-looks.ts";

/** Adds a card; `/` opens it. */
export function CardPalette({ onAdd }: { onAdd: (kind: CardKind) => void }) {
  const [opened, setOpened] = useState(false);
  useShortcut("/", "Add a card", () => setOpened(true), { group: "Editing" });
  return (
    <Menu opened={opened} onChange={setOpened} position="top-start" width={320} shadow="md">
      <Menu.Target>
        <Button variant="light" leftSection={<PlusIcon size={14} />} rightSection={<Keys keys="/" />}>
          Add a card
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {KINDS.map((kind) => {
          const { icon: Icon, label, does } = LOOKS[kind];
          return (
            <Menu.Item key={kind} leftSection={<Icon size={16} />} onClick={() => onAdd(kind)}>
              {label}
              <br />
              <small>{does}</small>
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
