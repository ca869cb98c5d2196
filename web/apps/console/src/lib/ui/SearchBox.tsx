import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";
import { SearchIcon } from "./icons.ts";
import { useShortcut } from "./shortcuts.ts";

interface SearchBoxProps {
  label: string;
  placeholder: string;
  /** What is asked for now, from the address. */
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

/** The search of a list; `/` puts the cursor into it. */
export function SearchBox({ label, placeholder, value, onChange }: SearchBoxProps) {
  const [typed, setTyped] = useState(value ?? "");
  const field = useRef<HTMLInputElement>(null);
  const asked = useRef(value);
  const ask = useDebouncedCallback((text: string) => {
    asked.current = text.trim() === "" ? undefined : text.trim();
    onChange(asked.current);
  }, 200);
  useEffect(() => {
    // The address changed by other means than typing: back, or "clear".
    if (value !== asked.current) setTyped(value ?? "");
    asked.current = value;
  }, [value]);
  useShortcut("/", label, () => field.current?.focus());
  return (
    <TextInput
      ref={field}
      size="xs"
      type="search"
      w={264}
      maw="100%"
      aria-label={label}
      placeholder={placeholder}
      leftSection={<SearchIcon size={14} />}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        ask(event.currentTarget.value);
      }}
      // Who clicks a row at once must not be brought back by the late change of the address.
      onBlur={() => ask.flush()}
    />
  );
}
