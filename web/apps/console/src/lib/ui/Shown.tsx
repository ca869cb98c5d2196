/* Small pieces that show a value: time, a person's own text, a key, a copyable line. */
import { ActionIcon, Code, CopyButton, Group, Kbd, Text, type TextProps, Tooltip } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { ago, DASH, dateTime } from "./format.ts";
import { CheckIcon, CopyIcon } from "./icons.ts";

/** Text that a visitor or a file wrote: its own direction, a dash when empty. */
export function OwnText({ children, ...rest }: TextProps & { children: string | null | undefined }) {
  return (
    <Text component="span" inherit dir="auto" {...rest}>
      {children ? children : DASH}
    </Text>
  );
}

/** How long ago, kept current; the exact time on hover. */
export function TimeAgo({ at }: { at: string | null | undefined }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  if (!at) return <span>{DASH}</span>;
  return (
    <time dateTime={at} title={dateTime(at)}>
      {ago(at, now)}
    </time>
  );
}

const IS_MAC = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);
const KEY_NAMES: Record<string, string> = {
  "mod+": IS_MAC ? "⌘" : "Ctrl ",
  "shift+": IS_MAC ? "⇧" : "Shift ",
  "alt+": IS_MAC ? "⌥" : "Alt ",
};

const NAMED: Record<string, string> = {
  arrowleft: "←",
  arrowright: "→",
  arrowup: "↑",
  arrowdown: "↓",
  enter: "Enter",
  escape: "Esc",
  delete: "Del",
};

/** `mod+k` as the keys on this keyboard. */
export function keyText(press: string): string {
  const at = press.lastIndexOf("+", press.length - 2) + 1;
  const [held, key] = [press.slice(0, at), press.slice(at)];
  const named = held.replace(/mod\+|shift\+|alt\+/g, (part) => KEY_NAMES[part] ?? part);
  return named + (NAMED[key] ?? (held !== "" || /^f\d+$/.test(key) ? key.toUpperCase() : key));
}

/** The keys of a shortcut, one box a press. */
export function Keys({ keys }: { keys: string }) {
  return (
    <Group gap={4} wrap="nowrap" component="span">
      {keys.split(" ").map((press) => (
        <Kbd key={press} size="xs">
          {keyText(press)}
        </Kbd>
      ))}
    </Group>
  );
}

/** A line to take elsewhere, with its copy button. */
export function CopyLine({ value, label }: { value: string; label: string }) {
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Code block flex={1} style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
        {value}
      </Code>
      <CopyButton value={value} timeout={2000}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? "Copied" : `Copy ${label}`}>
            <ActionIcon
              variant="default"
              size="lg"
              onClick={copy}
              aria-label={copied ? "Copied" : `Copy ${label}`}
            >
              {copied ? <CheckIcon size={16} /> : <CopyIcon size={16} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}

/** Label and value, one under the other or side by side, as a definition. */
export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <Text component="dt" size="xs" c="dimmed">
        {label}
      </Text>
      <Text component="dd" size="sm" m={0} style={{ overflowWrap: "anywhere" }}>
        {children}
      </Text>
    </div>
  );
}
