import { TextInput } from "@mantine/core";

interface DayFieldProps {
  label: string;
  value: string | undefined;
  onChange: (day: string | undefined) => void;
}

/** One end of a range of days, with the browser's own calendar. */
export function DayField({ label, value, onChange }: DayFieldProps) {
  return (
    <TextInput
      size="xs"
      type="date"
      flex="1 1 132px"
      maw={152}
      aria-label={label}
      title={label}
      value={value ?? ""}
      onChange={(event) => onChange(event.currentTarget.value === "" ? undefined : event.currentTarget.value)}
    />
  );
}
