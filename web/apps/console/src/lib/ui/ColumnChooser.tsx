import { Box, Button, Checkbox, Popover, Stack } from "@mantine/core";
import { ColumnsIcon } from "./icons.ts";

interface ColumnChooserProps {
  all: { key: string; label: string }[];
  chosen: string[];
  onChange: (keys: string[]) => void;
}

/** Which columns a table shows. */
export function ColumnChooser({ all, chosen, onChange }: ColumnChooserProps) {
  return (
    <Popover position="bottom-end" width={240} trapFocus>
      <Popover.Target>
        <Button variant="default" aria-label="Columns">
          <ColumnsIcon size={14} />
          <Box component="span" ms={8} className="wide-only">
            Columns
          </Box>
        </Button>
      </Popover.Target>
      <Popover.Dropdown mah={400} style={{ overflowY: "auto" }}>
        <Checkbox.Group aria-label="Columns" value={chosen} onChange={onChange}>
          <Stack gap="xs">
            {all.map((column) => (
              <Checkbox key={column.key} size="xs" value={column.key} label={column.label} />
            ))}
          </Stack>
        </Checkbox.Group>
      </Popover.Dropdown>
    </Popover>
  );
}
