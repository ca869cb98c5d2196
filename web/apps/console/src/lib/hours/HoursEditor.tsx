import { Button, Group, Select, Stack, TagsInput, Text, Textarea, TextInput, Title } from "@mantine/core";
import { type Schedule, WEEKDAYS, type Weekday } from "@usher/api";
import { useId, useState } from "react";
import { blocksText, extraDaysText, officeHours, parseBlocks, parseExtraDays } from "./blocks.ts";
import classes from "./hours.module.css";

const ZONES = Intl.supportedValuesOf("timeZone");
const DATE = /^\d{4}-\d{2}-\d{2}$/;

interface HoursEditorProps {
  title: string;
  /** What the hours are for, in plain words. */
  children: string;
  value: Schedule | null;
  /** Reasons of the server by field (`week.monday.0`). */
  errors: Record<string, string>;
  onChange: (hours: Schedule | null) => void;
}

/** Weekly hours in a zone, days off and extra days. */
export function HoursEditor({ title, children, value, errors, onChange }: HoursEditorProps) {
  const id = useId();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <section aria-labelledby={id}>
      <Title order={2} id={id} size="h3" mb={4}>
        {title}
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        {children}
      </Text>
      {value ? (
        <Stack>
          <Zone value={value} errors={errors} onChange={onChange} />
          <div className={classes.week}>
            {WEEKDAYS.map((day) => (
              <DayLine key={day} day={day} value={value} errors={errors} onChange={onChange} />
            ))}
          </div>
          <Text size="xs" c="dimmed">
            Several blocks with commas: 9–12, 13–17. A block may cross midnight: 22–6. A whole day is 0–24. An
            empty line is no hours.
          </Text>
          <TagsInput
            label="Days off"
            description="Dates as 2026-12-24, Enter after each"
            value={value.days_off}
            isDuplicate={(date, dates) => dates.includes(date)}
            onChange={(dates) =>
              onChange({ ...value, days_off: dates.filter((date) => DATE.test(date)).sort() })
            }
            error={errors.days_off}
          />
          <ExtraDays value={value} errors={errors} onChange={onChange} />
          <Group>
            <Button variant="subtle" color="gray" onClick={() => onChange(null)}>
              Have no hours
            </Button>
          </Group>
        </Stack>
      ) : (
        <Group>
          <Text size="sm">No hours are set.</Text>
          <Button variant="default" onClick={() => onChange(officeHours(zone))}>
            Monday to Friday, 9 to 17
          </Button>
        </Group>
      )}
    </section>
  );
}

interface PartProps {
  value: Schedule;
  errors: Record<string, string>;
  onChange: (hours: Schedule) => void;
}

function Zone({ value, errors, onChange }: PartProps) {
  return (
    <Select
      label="Time zone"
      description="Hours are on the clock of this zone, in summer and in winter"
      data={ZONES.includes(value.time_zone) ? ZONES : [value.time_zone, ...ZONES]}
      searchable
      allowDeselect={false}
      value={value.time_zone}
      onChange={(zone) => zone && onChange({ ...value, time_zone: zone })}
      error={errors.time_zone}
    />
  );
}

function DayLine({ day, value, errors, onChange }: PartProps & { day: Weekday }) {
  const id = useId();
  const [text, setText] = useState(blocksText(value.week[day]));
  const [unread, setUnread] = useState(false);
  const refused = Object.entries(errors).find(([field]) => field.startsWith(`week.${day}`))?.[1];
  const read = (line: string) => {
    setText(line);
    const blocks = parseBlocks(line);
    setUnread(false);
    if (blocks) onChange({ ...value, week: { ...value.week, [day]: blocks } });
  };
  const leave = () => {
    const blocks = parseBlocks(text);
    if (blocks) setText(blocksText(blocks));
    setUnread(blocks === null);
  };
  return (
    <>
      <Text component="label" htmlFor={id} size="sm">
        {day[0]?.toUpperCase() + day.slice(1)}
      </Text>
      <TextInput
        id={id}
        value={text}
        placeholder="–"
        onChange={(event) => read(event.currentTarget.value)}
        onBlur={leave}
        error={unread ? "Write hours such as 9–12, 13–17" : refused}
      />
    </>
  );
}

function ExtraDays({ value, errors, onChange }: PartProps) {
  const [text, setText] = useState(extraDaysText(value.extra_days));
  const unread = parseExtraDays(text) === null;
  const refused = Object.entries(errors).find(([field]) => field.startsWith("extra_days"))?.[1];
  return (
    <Textarea
      label="Extra days"
      description="One a line: 2026-12-05 10–14"
      autosize
      minRows={1}
      maxRows={6}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        const days = parseExtraDays(event.currentTarget.value);
        if (days) onChange({ ...value, extra_days: days });
      }}
      error={unread ? "Write a date and hours on each line: 2026-12-05 10–14" : refused}
    />
  );
}

/** The reasons under one pointer: `live_chat.week.monday.0` becomes `week.monday.0`. */
export function errorsUnder(errors: Record<string, string>, pointer: string): Record<string, string> {
  const prefix = `${pointer}.`;
  const own = Object.entries(errors).filter(([field]) => field.startsWith(prefix));
  return Object.fromEntries(own.map(([field, reason]) => [field.slice(prefix.length), reason]));
}
