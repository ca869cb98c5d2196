import { ActionIcon, Menu } from "@mantine/core";
import { EllipsisIcon, TrashIcon } from "#lib/ui/icons.ts";
import classes from "#lib/ui/table.module.css";

/** What else can be done with a row. */
export function RowMenu({ name, remove }: { name: string; remove: () => void }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          className={classes.raised}
          variant="subtle"
          color="gray"
          aria-label={`More about ${name}`}
        >
          <EllipsisIcon size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item c="var(--mantine-color-error)" leftSection={<TrashIcon size={16} />} onClick={remove}>
          Delete…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
