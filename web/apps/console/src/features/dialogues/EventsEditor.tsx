import { ActionIcon, Button, Group, Menu, NumberInput, SegmentedControl, Text, Title } from "@mantine/core";
import type { EventCondition, Targeting } from "@usher/api";
import { PlusIcon, XIcon } from "#lib/ui/icons.ts";
import classes from "./dialogues.module.css";
import { AMOUNTS, amountOf, EVENT_LABELS, type EventKind, eventOf } from "./events.ts";

type Events = Targeting["events"];
const KINDS = Object.keys(EVENT_LABELS) as EventKind[];

interface EventsEditorProps {
  events: Events;
  onChange: (events: Events, field?: string) => void;
}

/** What must happen before the dialogue is shown. */
export function EventsEditor({ events, onChange }: EventsEditorProps) {
  const { conditions } = events;
  const set = (next: EventCondition[], field?: string) => onChange({ ...events, conditions: next }, field);
  const unused = KINDS.filter((kind) => !conditions.some((one) => one.kind === kind));
  return (
    <section aria-label="When it is shown">
      <Title order={2} mb="xs">
        When
      </Title>
      {conditions.length > 1 ? (
        <SegmentedControl
          mb="xs"
          size="xs"
          aria-label="How the events combine"
          data={[
            { value: "all", label: "All of these" },
            { value: "any", label: "Any of these" },
          ]}
          value={events.mode}
          onChange={(mode) => onChange({ ...events, mode: mode as Events["mode"] })}
        />
      ) : null}
      {conditions.length === 0 ? (
        <Text size="sm" c="dimmed">
          At once, when the page is viewed
        </Text>
      ) : (
        <ul className={classes.lines}>
          {conditions.map((event, index) => (
            <li key={event.kind} className={classes.eventLine}>
              <Text size="sm" flex={1}>
                {EVENT_LABELS[event.kind]}
              </Text>
              <EventAmount
                event={event}
                onChange={(next) => set(conditions.with(index, next), `event ${event.kind}`)}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Remove: ${EVENT_LABELS[event.kind]}`}
                onClick={() => set(conditions.toSpliced(index, 1))}
              >
                <XIcon size={14} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      <Menu position="bottom-start">
        <Menu.Target>
          <Button
            mt={4}
            variant="subtle"
            size="compact-xs"
            leftSection={<PlusIcon size={14} />}
            disabled={unused.length === 0}
          >
            Wait for
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {unused.map((kind) => (
            <Menu.Item key={kind} onClick={() => set([...conditions, eventOf(kind)])}>
              {EVENT_LABELS[kind]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </section>
  );
}

function EventAmount({
  event,
  onChange,
}: {
  event: EventCondition;
  onChange: (event: EventCondition) => void;
}) {
  const range = AMOUNTS[event.kind];
  const amount = amountOf(event);
  if (range === null || amount === null) return null;
  return (
    <Group gap="xs" wrap="nowrap">
      <NumberInput
        size="xs"
        w={88}
        aria-label={`${EVENT_LABELS[event.kind]}, ${range.unit}`}
        min={range.least}
        max={range.most}
        allowDecimal={false}
        allowNegative={false}
        value={amount}
        onChange={(value) => {
          if (typeof value === "number") onChange(eventOf(event.kind, value));
        }}
      />
      <Text size="sm" w={56}>
        {range.unit}
      </Text>
    </Group>
  );
}
