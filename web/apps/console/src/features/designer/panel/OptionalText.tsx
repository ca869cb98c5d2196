import { Stack, Switch } from "@mantine/core";
import type { RichText } from "@usher/api";
import { EMPTY_TEXT } from "@usher/stream";
import { CardText } from "./CardText.tsx";

interface OptionalTextProps {
  /** Says what is so while there is no text of one's own. */
  label: string;
  description: string;
  textLabel: string;
  value: RichText | undefined;
  error?: string;
  onChange: (text: RichText | undefined) => void;
}

/** A text that may be left to somebody else's words. */
export function OptionalText(props: OptionalTextProps) {
  const { value, onChange } = props;
  return (
    <Stack gap="xs">
      <Switch
        label={props.label}
        description={props.description}
        checked={value !== undefined}
        onChange={(event) => onChange(event.currentTarget.checked ? EMPTY_TEXT : undefined)}
      />
      {value === undefined ? null : (
        <CardText label={props.textLabel} value={value} error={props.error} onChange={onChange} />
      )}
    </Stack>
  );
}
