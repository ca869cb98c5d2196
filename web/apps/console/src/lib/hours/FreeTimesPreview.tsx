import { Group, Select, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { FreeTimes, MeetingRules, Schedule } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { counted } from "#lib/ui/format.ts";
import { sentence } from "#lib/ui/notify.ts";
import classes from "./hours.module.css";

interface FreeTimesPreviewProps {
  hours: Schedule;
  rules: MeetingRules;
}

/** What visitors would be offered on the next days. */
export function FreeTimesPreview({ hours, rules }: FreeTimesPreviewProps) {
  const [chosen, setChosen] = useState<number | null>(null);
  const length = chosen !== null && rules.lengths.includes(chosen) ? chosen : (rules.lengths[0] ?? null);
  const [asked] = useDebouncedValue({ meetings: hours, meeting_rules: rules, length }, 300);
  const times = useQuery({
    queryKey: ["free-times", asked],
    queryFn: ({ signal }) => api.post<FreeTimes>("/availability/free-times", asked, { signal }),
    enabled: asked.length !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });
  return (
    <section aria-label="Free times">
      <Group justify="space-between" mb="xs">
        <Text size="sm" fw={500}>
          What visitors would be offered
        </Text>
        {rules.lengths.length > 1 ? (
          <Select
            size="xs"
            w={112}
            aria-label="Length shown"
            allowDeselect={false}
            data={rules.lengths.map((one) => ({ value: String(one), label: `${one} min` }))}
            value={String(length)}
            onChange={(value) => setChosen(Number(value))}
          />
        ) : null}
      </Group>
      {times.data && !times.error ? (
        <Days times={times.data} />
      ) : (
        <Text size="sm" c="dimmed">
          {times.error ? `No times can be shown: ${sentence(times.error)}` : "…"}
        </Text>
      )}
    </section>
  );
}

function Days({ times }: { times: FreeTimes }) {
  const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short", timeZone: times.time_zone });
  const day = new Intl.DateTimeFormat(undefined, {
    weekday: "short",
    month: "short",
    day: "numeric",
    timeZone: "UTC",
  });
  return (
    <>
      <dl className={classes.times}>
        {times.days.map(({ date, starts }) => (
          <div key={date}>
            <dt>{day.format(new Date(`${date}T00:00:00Z`))}</dt>
            <dd>{starts.length > 0 ? shown(starts.map((start) => clock.format(new Date(start)))) : "–"}</dd>
          </div>
        ))}
      </dl>
      <Text size="xs" c="dimmed" mt="xs">
        Times of {times.time_zone}, as if nothing else were in the calendar.
      </Text>
    </>
  );
}

/** The first and the last ones of many. */
function shown(times: string[]): string {
  if (times.length <= 6) return times.join(", ");
  const between = counted(times.length - 5, "more", "more");
  return `${times.slice(0, 4).join(", ")}, ${between}, ${times.at(-1)}`;
}
