import { Pill } from "@mantine/core";
import { type Narrowable, narrowings } from "./narrowings.ts";

interface NarrowedProps {
  search: Narrowable;
  onChange: (change: Narrowable) => void;
}

/** What a figure of a report has narrowed the list to; each can be taken away. */
export function Narrowed({ search, onChange }: NarrowedProps) {
  return narrowings(search).map(({ label, without }) => (
    <Pill
      key={label}
      size="md"
      withRemoveButton
      removeButtonProps={{ "aria-label": `Remove: ${label}`, "aria-hidden": false, tabIndex: 0 }}
      onRemove={() => onChange(without)}
      title={label}
      maw={280}
    >
      <span dir="auto">{label}</span>
    </Pill>
  ));
}
