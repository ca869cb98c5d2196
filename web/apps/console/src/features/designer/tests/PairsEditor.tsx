import { ActionIcon, Button, Group, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { PlusIcon, XIcon } from "#lib/ui/icons.ts";
import { AttributePath } from "./AttributePath.tsx";
import classes from "./tests.module.css";

interface PairsEditorProps {
  label?: string;
  /** Said while there is none. */
  none: string;
  add: string;
  nameLabel: string;
  /** Names are chosen among attributes. */
  attributes?: boolean;
  value: Record<string, string>;
  onChange: (value: Record<string, string>) => void;
}

type Pair = [name: string, value: string];

/** Values by name. A row without a name stays on the screen until it has one. */
export function PairsEditor(props: PairsEditorProps) {
  const { label, none, add, nameLabel, attributes, value, onChange } = props;
  // The text of the one row that has no name yet.
  const [fresh, setFresh] = useState<string | null>(null);
  const named = Object.entries(value);
  const pairs: Pair[] = fresh === null ? named : [...named, ["", fresh]];
  const set = (index: number, pair: Pair | null) => {
    const next = pair === null ? pairs.toSpliced(index, 1) : pairs.toSpliced(index, 1, pair);
    setFresh(next.find(([name]) => name === "")?.[1] ?? null);
    onChange(Object.fromEntries(next.filter(([name]) => name !== "")));
  };
  return (
    <div>
      {label ? <h3 className={classes.label}>{label}</h3> : null}
      {pairs.length === 0 ? (
        <Text size="xs" c="dimmed">
          {none}
        </Text>
      ) : null}
      {pairs.map(([name, text], index) => (
        <Group key={name} gap={4} wrap="nowrap" mb={4}>
          {attributes ? (
            <AttributePath value={name} label={nameLabel} onChange={(path) => set(index, [path, text])} />
          ) : (
            <NameField label={nameLabel} name={name} onName={(next) => set(index, [next, text])} />
          )}
          <TextInput
            size="xs"
            flex={1}
            aria-label={`Value of ${name || "the new row"}`}
            placeholder="Value"
            dir="auto"
            value={text}
            onChange={(event) => set(index, [name, event.currentTarget.value])}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove ${name || "the row"}`}
            onClick={() => set(index, null)}
          >
            <XIcon size={14} />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="subtle"
        color="gray"
        size="compact-xs"
        leftSection={<PlusIcon size={12} />}
        disabled={fresh !== null}
        onClick={() => setFresh("")}
      >
        {add}
      </Button>
    </div>
  );
}

interface NameFieldProps {
  label: string;
  name: string;
  onName: (name: string) => void;
}

/** Takes over the name when it is left, so that a half-written one is no row of its own. */
function NameField({ label, name, onName }: NameFieldProps) {
  const [text, setText] = useState(name);
  return (
    <TextInput
      size="xs"
      flex={1}
      aria-label={label}
      placeholder={label}
      dir="auto"
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => text !== name && onName(text.trim())}
    />
  );
}
