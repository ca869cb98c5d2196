import { Checkbox } from "@mantine/core";
import type { Overwrite } from "@usher/api";

/** Whether a new answer replaces a value that is there. */
export function OverwriteControl({
  value,
  onChange,
}: {
  value: Overwrite;
  onChange: (value: Overwrite) => void;
}) {
  return (
    <Checkbox
      size="xs"
      label="Replace a value that is there already"
      checked={value === "always"}
      onChange={(event) => onChange(event.currentTarget.checked ? "always" : "if_empty")}
    />
  );
}
