import { ActionIcon, Group, Select } from "@mantine/core";
import type { Sound } from "@usher/api";
import { play } from "@usher/live/sound.ts";
import { PlayIcon } from "#lib/ui/icons.ts";

const SOUNDS: { value: Sound; label: string }[] = [
  { value: "none", label: "None" },
  { value: "chime", label: "Chime" },
  { value: "pop", label: "Pop" },
  { value: "bell", label: "Bell" },
  { value: "knock", label: "Knock" },
];

/** The sound of a new message, to be heard before it is chosen. */
export function SoundField({ value, onChange }: { value: Sound; onChange: (sound: Sound) => void }) {
  return (
    <Group gap="xs" align="flex-end" wrap="nowrap">
      <Select
        label="Sound of a message"
        flex={1}
        data={SOUNDS}
        value={value}
        allowDeselect={false}
        onChange={(sound) => sound && onChange(sound as Sound)}
      />
      <ActionIcon
        variant="default"
        size={36}
        aria-label="Play the sound"
        title="Play"
        disabled={value === "none"}
        onClick={() => play(value)}
      >
        <PlayIcon size={16} />
      </ActionIcon>
    </Group>
  );
}
