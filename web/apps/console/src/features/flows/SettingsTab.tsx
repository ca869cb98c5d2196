import { SegmentedControl, Stack, Text } from "@mantine/core";
import type { Interface } from "@usher/api";
import type { TabContent } from "#features/designer/StreamEditor.tsx";
import { StreamSettings } from "#features/designer/StreamSettings.tsx";
import { CopyLine } from "#lib/ui/Shown.tsx";

const INTERFACES: { value: Interface; label: string; means: string }[] = [
  { value: "chatbot", label: "Chat", means: "In the corner of the page, as dialogues are" },
  { value: "popup", label: "Pop-up", means: "Above the page, until it is closed" },
  { value: "inline", label: "Inline", means: "Inside an element of the page" },
];

/** How the flow behaves, appears and is started. */
export function SettingsTab({ record, control, readOnly }: TabContent) {
  const shown = control.content.draft.interface ?? "chatbot";
  return (
    <StreamSettings dialogue={record} control={control} readOnly={readOnly}>
      <div>
        <Text size="sm" fw={500} id="flow-interface">
          Appears
        </Text>
        <Text size="xs" c="dimmed" mb={6}>
          {INTERFACES.find((one) => one.value === shown)?.means}; a link or script that starts it may say
          otherwise
        </Text>
        <SegmentedControl
          aria-labelledby="flow-interface"
          data={INTERFACES.map(({ value, label }) => ({ value, label }))}
          value={shown}
          disabled={readOnly}
          onChange={(value) => control.changeDraft({ interface: value as Interface })}
        />
      </div>
      <HowToStart id={record.id} shown={shown} />
    </StreamSettings>
  );
}

/** Lines to be put into a page that carries Usher. */
function HowToStart({ id, shown }: { id: string; shown: Interface }) {
  const declared =
    shown === "inline"
      ? `<div data-usher-flow="${id}"></div>`
      : `<button data-usher-flow="${id}">Talk to us</button>`;
  return (
    <section aria-label="Starting the flow">
      <Text size="sm" fw={500}>
        Starting it
      </Text>
      <Text size="xs" c="dimmed" mb={6}>
        On a page of the site that carries Usher, once the flow is published: by an element, or by a script
      </Text>
      <Stack gap="xs">
        <CopyLine value={declared} label="the element" />
        <CopyLine value={`usher.startFlow("${id}")`} label="the script" />
      </Stack>
    </section>
  );
}
