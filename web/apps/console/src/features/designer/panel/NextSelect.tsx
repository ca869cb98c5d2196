import { Select } from "@mantine/core";
import type { CardId, Next } from "@usher/api";
import { targetsOf } from "../card-looks.ts";
import { useDesign } from "../design.ts";

const END = "";

interface NextSelectProps {
  label: string;
  /** The label is only for screen readers: it stands beside another field. */
  bare?: boolean;
  value: Next;
  self: CardId;
  error?: string;
  warning?: string;
  onChange: (next: Next) => void;
}

/** Where a branch leads: a card, or nowhere. */
export function NextSelect(props: NextSelectProps) {
  const { label, bare, value, self, error, warning, onChange } = props;
  const { stream } = useDesign().board;
  const data = [
    { value: END, label: "Ends here" },
    ...targetsOf(stream).filter((one) => one.value !== self || one.value === value),
  ];
  return (
    <Select
      label={bare ? undefined : label}
      aria-label={bare ? label : undefined}
      data={data}
      value={value ?? END}
      allowDeselect={false}
      searchable={stream.cards.length > 8}
      maxDropdownHeight={320}
      error={error}
      description={warning}
      descriptionProps={{ c: "var(--mantine-color-yellow-light-color)" }}
      title={value === null ? undefined : data.find((one) => one.value === value)?.label}
      onChange={(next) => onChange(next === null || next === END ? null : next)}
    />
  );
}
