import { Button, Popover, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { counted } from "#lib/ui/format.ts";
import { ChartIcon } from "#lib/ui/icons.ts";
import { sentence } from "#lib/ui/notify.ts";
import { useFigures } from "./canvas/use-figures.ts";
import { useDesign } from "./design.ts";
import { versionsQuery } from "./queries.ts";

const DAYS = ["7", "28", "90"] as const;

/** Which numbers stand on the cards, if any. */
export function NumbersButton() {
  const { control } = useDesign();
  const { days, version, go, conversations, error } = useFigures(control);
  const [opened, { toggle, close }] = useDisclosure(false);
  return (
    <Popover
      opened={opened}
      onChange={(open) => !open && close()}
      position="bottom-start"
      width={304}
      trapFocus
    >
      <Popover.Target>
        <Button
          variant={days ? "light" : "default"}
          leftSection={<ChartIcon size={14} />}
          title="Numbers on the cards"
          onClick={toggle}
        >
          {days ? `Numbers: ${days} days` : "Numbers"}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label="Numbers on the cards"
            data={[
              { value: "off", label: "Off" },
              ...DAYS.map((value) => ({ value, label: `${value} days` })),
            ]}
            value={days ?? "off"}
            onChange={(value) => go({ figures: DAYS.find((one) => one === value) })}
          />
          {days ? <VersionSelect version={version} onChange={(value) => go({ version: value })} /> : null}
          <Text size="xs" c="dimmed" aria-live="polite">
            {error ? sentence(error) : explained(conversations)}
          </Text>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function explained(conversations: number | undefined): string {
  if (conversations === undefined) {
    return "How many conversations came to each card, were answered there, and stopped there.";
  }
  const shown = counted(conversations, "conversation was", "conversations were");
  return `${shown} shown in this time, guests’ included. One that nobody answered stands at the greeting.`;
}

interface VersionSelectProps {
  version: string | undefined;
  onChange: (version: string | undefined) => void;
}

function VersionSelect({ version, onChange }: VersionSelectProps) {
  const { control } = useDesign();
  const versions = useQuery(versionsQuery(control.kind, control.id)).data ?? [];
  return (
    <Select
      size="xs"
      aria-label="Version"
      placeholder="All versions"
      clearable
      comboboxProps={{ withinPortal: false }}
      data={versions.map((one) => ({ value: String(one.version), label: `Version ${one.version}` }))}
      value={version ?? null}
      onChange={(value) => onChange(value ?? undefined)}
    />
  );
}
