import { ActionIcon, Button, Group, Popover, Select, Stack, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import type { AttributeDef, CardKind, Stream } from "@usher/api";
import { type FormEvent, useState } from "react";
import { attributesQuery } from "#lib/api/shared.ts";
import { BracesIcon } from "#lib/ui/icons.ts";
import { useDesign } from "../design.ts";
import { tokenInner } from "./tokens.ts";

const GROUPS: { of: AttributeDef["of"]; label: string }[] = [
  { of: "person", label: "Person" },
  { of: "company", label: "Company" },
  { of: "visit", label: "Visit" },
];

/** Cards that ask for something, so that there is an answer. */
const ANSWERED: ReadonlySet<CardKind> = new Set(["question", "info_capture", "ai_answer"]);

/** Chooses a token and what is shown when it is empty. */
export function TokenPicker({ onPick }: { onPick: (inner: string) => void }) {
  const { stream } = useDesign().board;
  const [opened, { toggle, close }] = useDisclosure(false);
  const [path, setPath] = useState<string | null>("person.first_name");
  const [fallback, setFallback] = useState("there");
  const attributes = useQuery({ ...attributesQuery, enabled: opened }).data ?? [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Inside of the card's own fields: it must not reach them.
    event.stopPropagation();
    if (path === null) return;
    close();
    onPick(tokenInner(path, fallback));
  };
  return (
    <Popover
      opened={opened}
      onChange={(open) => !open && close()}
      position="bottom-end"
      width={280}
      trapFocus
    >
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={26}
          aria-label="Insert a token"
          title="Insert a token"
          onClick={toggle}
        >
          <BracesIcon size={14} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={submit}>
          <Stack gap="sm">
            <Select
              label="Token"
              size="xs"
              searchable
              openOnFocus={false}
              data={choices(attributes, stream)}
              value={path}
              onChange={setPath}
              nothingFoundMessage="There is no such token"
              comboboxProps={{ withinPortal: false }}
              maxDropdownHeight={240}
              data-autofocus
            />
            <TextInput
              label="When it is empty"
              size="xs"
              value={fallback}
              onChange={(event) => setFallback(event.currentTarget.value)}
            />
            <Group justify="flex-end">
              <Button type="submit" disabled={path === null}>
                Insert
              </Button>
            </Group>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

function choices(attributes: AttributeDef[], stream: Stream) {
  const answers = stream.cards
    .filter((card) => ANSWERED.has(card.kind))
    .map((card) => ({
      value: `answer.${card.title || card.id}`,
      label: `Answer of “${card.title || card.id}”`,
    }));
  const groups = GROUPS.map(({ of, label }) => ({
    group: label,
    items: attributes
      .filter((one) => one.of === of)
      .map((one) => ({ value: `${of}.${one.name}`, label: one.label })),
  }));
  return [...groups, { group: "Answers", items: answers }].filter((one) => one.items.length > 0);
}
