import { Input, SegmentedControl } from "@mantine/core";
import { useId } from "react";

interface ChoiceProps {
  label: string;
  data: { value: string; label: string }[];
  value: string;
  onChange: (value: string) => void;
}

/** A few choices side by side, with a label above. */
export function Choice({ label, data, value, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <Input.Wrapper label={label} labelElement="div" labelProps={{ id }}>
      <div>
        <SegmentedControl size="xs" aria-labelledby={id} data={data} value={value} onChange={onChange} />
      </div>
    </Input.Wrapper>
  );
}
