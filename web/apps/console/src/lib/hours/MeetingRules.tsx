import { NumberInput, Stack, TagsInput, Text, Title } from "@mantine/core";
import type { MeetingRules, Schedule } from "@usher/api";
import { useId } from "react";
import { FreeTimesPreview } from "./FreeTimesPreview.tsx";
import classes from "./hours.module.css";
import { lengthsOf, notice, noticeOf } from "./rules.ts";

interface MeetingRulesEditorProps {
  value: MeetingRules;
  /** The hours that they go with; nothing can be booked without. */
  hours: Schedule | null;
  /** Reasons of the server by field (`buffer_before`). */
  errors: Record<string, string>;
  onChange: (rules: MeetingRules) => void;
}

/** Length, buffers and limits of meetings, and the free times that come of them. */
export function MeetingRulesEditor({ value, hours, errors, onChange }: MeetingRulesEditorProps) {
  const id = useId();
  const change = (part: Partial<MeetingRules>) => onChange({ ...value, ...part });
  return (
    <section aria-labelledby={id}>
      <Title order={3} id={id} size="h4" mb="md">
        How meetings are booked
      </Title>
      <Stack>
        <TagsInput
          label="Lengths"
          description="In minutes, Enter after each; the first is taken where nobody chooses"
          value={value.lengths.map(String)}
          maxTags={6}
          onChange={(lengths) => change({ lengths: lengthsOf(lengths) })}
          error={reasonOf(errors, "lengths")}
        />
        <div className={classes.rules}>
          <Amount
            label="Free before"
            description="Minutes kept free before a meeting"
            value={value.buffer_before}
            error={errors.buffer_before}
            onChange={(minutes) => change({ buffer_before: minutes ?? 0 })}
          />
          <Amount
            label="Free after"
            description="Minutes kept free after a meeting"
            value={value.buffer_after}
            error={errors.buffer_after}
            onChange={(minutes) => change({ buffer_after: minutes ?? 0 })}
          />
          <Amount
            label="Notice"
            description="Hours between booking and meeting, at least"
            value={notice(value)}
            max={1440}
            decimals={2}
            error={errors.notice}
            onChange={(hours) => change({ notice: noticeOf(hours ?? 0) })}
          />
          <Amount
            label="How far ahead"
            description="Days, 1 to 366"
            value={value.horizon_days}
            min={1}
            max={366}
            error={errors.horizon_days}
            onChange={(days) => change({ horizon_days: days ?? 1 })}
          />
          <Amount
            label="Start every"
            description="Minutes from one start to the next"
            placeholder="The length"
            value={value.step ?? ""}
            min={5}
            error={errors.step}
            onChange={(minutes) => change({ step: minutes })}
          />
          <Amount
            label="Most per day"
            description="Meetings of one day"
            placeholder="No limit"
            value={value.most_per_day ?? ""}
            min={1}
            max={100}
            error={errors.most_per_day}
            onChange={(most) => change({ most_per_day: most })}
          />
        </div>
        {hours ? (
          <FreeTimesPreview hours={hours} rules={value} />
        ) : (
          <Text size="sm" c="dimmed">
            Without hours nothing can be booked.
          </Text>
        )}
      </Stack>
    </section>
  );
}

interface AmountProps {
  label: string;
  description: string;
  placeholder?: string;
  value: number | "";
  min?: number;
  max?: number;
  decimals?: number;
  error?: string;
  onChange: (amount: number | undefined) => void;
}

function Amount({ min = 0, max = 1440, decimals = 0, onChange, ...field }: AmountProps) {
  return (
    <NumberInput
      {...field}
      min={min}
      max={max}
      allowDecimal={decimals > 0}
      decimalScale={decimals}
      onChange={(value) => onChange(typeof value === "number" ? value : undefined)}
    />
  );
}

/** The first reason of a field or of a part of it. */
function reasonOf(errors: Record<string, string>, field: string): string | undefined {
  return Object.entries(errors).find(([name]) => name === field || name.startsWith(`${field}.`))?.[1];
}
