import { Alert, Button, Group, Loader, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Draft, Simulation } from "@usher/api";
import { type ReactNode, useRef, useState } from "react";
import { wireDraft } from "#features/designer/draft/content.ts";
import { api } from "#lib/api/client.ts";
import { attributesQuery } from "#lib/api/shared.ts";
import { count, counted } from "#lib/ui/format.ts";
import { PlayIcon } from "#lib/ui/icons.ts";
import { sentence } from "#lib/ui/notify.ts";
import classes from "./simulate.module.css";
import { simulationNotes, simulationText } from "./simulation.ts";

interface SimulatePanelProps {
  id: string;
  draft: Draft;
  priority: number;
}

const DAYS = ["7", "30", "90"];

/** The draft's targeting over the recorded page views, before anybody is exposed to it. */
export function SimulatePanel({ id, draft, priority }: SimulatePanelProps) {
  const [days, setDays] = useState("30");
  const attributes = useQuery(attributesQuery).data;
  const types = new Map(attributes?.map((one) => [`${one.of}.${one.name}`, one.type]));
  const wired = wireDraft(draft, (attribute) => types.get(attribute));
  const question = JSON.stringify([wired.targeting, priority, days]);
  const [asked, setAsked] = useState("");
  const running = useRef<AbortController | null>(null);
  const run = useMutation({
    mutationFn: () => {
      running.current = new AbortController();
      setAsked(question);
      const body = { draft: wired, priority, days: Number(days) };
      return api.post<Simulation>(`/dialogues/${id}/simulate`, body, { signal: running.current.signal });
    },
  });
  const cancelled = run.error?.name === "AbortError";
  return (
    <section aria-label="Simulate">
      <Title order={2} mb={4}>
        Simulate
      </Title>
      <Text size="xs" c="dimmed" mb="sm">
        Who would have been shown this, decided over the page views of the last days, before anybody sees it.
      </Text>
      <Group gap="xs">
        <SegmentedControl
          size="xs"
          aria-label="Over how many days"
          data={DAYS.map((value) => ({ value, label: `${value} days` }))}
          value={days}
          onChange={setDays}
        />
        <Button
          variant="default"
          leftSection={<PlayIcon size={14} />}
          disabled={run.isPending}
          onClick={() => run.mutate()}
        >
          Simulate on the last {days} days
        </Button>
      </Group>
      <div aria-live="polite">
        {run.isPending ? (
          <Group gap="xs" mt="md">
            <Loader size="xs" />
            <Text size="sm">Deciding the page views of {days} days…</Text>
            <Button variant="subtle" color="gray" onClick={() => running.current?.abort()}>
              Cancel
            </Button>
          </Group>
        ) : run.error && !cancelled ? (
          <Alert color="red" mt="md" title="It could not be simulated">
            {sentence(run.error)}
          </Alert>
        ) : run.data ? (
          <Outcome found={run.data} outdated={asked !== question} />
        ) : null}
      </div>
    </section>
  );
}

function Outcome({ found, outdated }: { found: Simulation; outdated: boolean }) {
  return (
    <Stack gap="md" mt="md" data-outdated={outdated || undefined} className={classes.outcome}>
      {outdated ? (
        <Text size="xs" c="dimmed">
          The targeting has changed since; simulate again.
        </Text>
      ) : null}
      <div>
        <Text size="lg" fw={500}>
          {simulationText(found)}
        </Text>
        <div className={classes.share} aria-hidden="true">
          <div className={classes.part} style={{ inlineSize: `${found.share * 100}%` }} />
        </div>
      </div>
      {found.displaced.length > 0 ? (
        <Rows title="It would have displaced">
          {found.displaced.map((one) => (
            <Row
              key={one.id}
              amount={counted(one.visitors, "visitor", "visitors")}
              part={one.visitors / Math.max(1, found.visitors)}
            >
              <Link to="/dialogues/$id" params={{ id: one.id }} search={{ tab: "audience" }} dir="auto">
                {one.name}
              </Link>
            </Row>
          ))}
        </Rows>
      ) : found.shown_visitors > 0 ? (
        <Text size="sm">It would have displaced no other dialogue.</Text>
      ) : null}
      {found.hindrances.length > 0 ? (
        <Rows
          title={`What kept it from the other ${count(found.page_views - found.shown_page_views)} page views`}
        >
          {found.hindrances.map((one) => (
            <Row
              key={one.reason}
              amount={counted(one.page_views, "page view", "page views")}
              part={one.page_views / Math.max(1, found.page_views)}
            >
              <span dir="auto">{one.reason}</span>
            </Row>
          ))}
        </Rows>
      ) : null}
      <ul className={classes.notes}>
        {simulationNotes(found).map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </Stack>
  );
}

function Rows({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <Text size="sm" fw={500} mb={4} component="h3">
        {title}
      </Text>
      <ul className={classes.rows}>{children}</ul>
    </div>
  );
}

function Row({ amount, part, children }: { amount: string; part: number; children: ReactNode }) {
  return (
    <li className={classes.row}>
      <span className={classes.what}>{children}</span>
      <span className={classes.amount}>{amount}</span>
      <span className={classes.bar} aria-hidden="true">
        <span className={classes.part} style={{ inlineSize: `${Math.min(1, part) * 100}%` }} />
      </span>
    </li>
  );
}
