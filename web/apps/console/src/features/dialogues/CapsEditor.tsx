import { Group, NumberInput, Stack, Text, Title } from "@mantine/core";
import type { Targeting } from "@usher/api";

type Caps = Targeting["caps"];

interface CapsEditorProps {
  caps: Caps;
  priority: number;
  onCaps: (caps: Caps, field: string) => void;
  onPriority: (priority: number) => void;
}

/** How often it is shown, to which share, and before which others. */
export function CapsEditor({ caps, priority, onCaps, onPriority }: CapsEditorProps) {
  const often = caps.per_visitor;
  return (
    <section aria-label="How often, and before which others">
      <Title order={2} mb="xs">
        How often
      </Title>
      <Stack gap="md">
        <Group align="flex-end" gap="xs">
          <Amount
            label="At most"
            unit="times"
            value={often?.times}
            most={1000}
            onChange={(times) => onCaps(withOften(caps, times, often?.period_days ?? 7), "often")}
          />
          <Amount
            label="to one visitor within"
            unit="days"
            value={often?.period_days}
            most={3650}
            disabled={often === undefined}
            onChange={(days) => onCaps(withOften(caps, often?.times, days ?? 1), "often days")}
          />
        </Group>
        <Group align="flex-end" gap="xs">
          <Amount
            label="After the visitor closed it, pause for"
            unit="days"
            value={caps.pause_after_dismissal_days}
            most={3650}
            onChange={(days) => onCaps(withCap(caps, "pause_after_dismissal_days", days), "pause")}
          />
          <Amount
            label="Share of visitors"
            unit="%"
            value={caps.share}
            most={100}
            onChange={(share) => onCaps(withCap(caps, "share", share), "share")}
          />
        </Group>
        <Text size="xs" c="dimmed">
          Empty means no limit. A share is sticky: the same visitors stay in it.
        </Text>
        <NumberInput
          label="Priority"
          description="1 is the highest. Of all that fit a page, the visitor gets the highest; of equals, the older one"
          maw={360}
          min={1}
          max={1000}
          allowDecimal={false}
          value={priority}
          onChange={(value) => {
            if (typeof value === "number" && value >= 1) onPriority(value);
          }}
        />
      </Stack>
    </section>
  );
}

function withCap(caps: Caps, key: "share" | "pause_after_dismissal_days", value: number | undefined): Caps {
  const { [key]: _, ...rest } = caps;
  return value === undefined ? rest : { ...caps, [key]: value };
}

function withOften(caps: Caps, times: number | undefined, period_days: number): Caps {
  const { per_visitor: _, ...rest } = caps;
  return times === undefined ? rest : { ...caps, per_visitor: { times, period_days } };
}

interface AmountProps {
  label: string;
  unit: string;
  value: number | undefined;
  most: number;
  disabled?: boolean;
  onChange: (value: number | undefined) => void;
}

function Amount({ label, unit, value, most, disabled, onChange }: AmountProps) {
  return (
    <NumberInput
      label={label}
      suffix={` ${unit}`}
      placeholder="No limit"
      w={232}
      min={1}
      max={most}
      allowDecimal={false}
      allowNegative={false}
      disabled={disabled}
      value={value ?? ""}
      onChange={(typed) => {
        if (typed === "") onChange(undefined);
        else if (typeof typed === "number" && typed >= 1 && typed <= most) onChange(typed);
      }}
    />
  );
}
