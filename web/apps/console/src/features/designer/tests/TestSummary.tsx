import { Text } from "@mantine/core";
import type { Script, ScriptResult } from "@usher/api";
import { ChevronDownIcon, ChevronRightIcon, CircleCheckIcon, CircleXIcon, ClockIcon } from "#lib/ui/icons.ts";
import classes from "./tests.module.css";

interface TestSummaryProps {
  test: Script;
  result: ScriptResult | null;
  opened: boolean;
  onToggle: () => void;
}

/** A line of the list: whether it passed, its name, and where it failed. */
export function TestSummary({ test, result, opened, onToggle }: TestSummaryProps) {
  const failure = result?.failure ?? null;
  const [Icon, word, color] =
    result === null
      ? ([ClockIcon, "Not played yet", "var(--mantine-color-dimmed)"] as const)
      : failure === null
        ? ([CircleCheckIcon, "Passed", "var(--mantine-color-green-light-color)"] as const)
        : ([CircleXIcon, "Failed", "var(--mantine-color-error)"] as const);
  const Chevron = opened ? ChevronDownIcon : ChevronRightIcon;
  return (
    <button type="button" className={classes.summary} aria-expanded={opened} onClick={onToggle}>
      <Icon size={16} color={color} aria-label={word} role="img" />
      <span className={classes.name}>
        <span dir="auto">{test.name || "Without a name"}</span>
        {failure === null ? null : (
          <Text component="span" size="xs" c="var(--mantine-color-error)" display="block">
            {failure.step === null ? "" : `Step ${failure.step + 1}: `}
            {failure.message}
          </Text>
        )}
      </span>
      <Chevron size={16} aria-hidden="true" />
    </button>
  );
}
