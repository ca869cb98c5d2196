import { Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Spotlight } from "@mantine/spotlight";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouter } from "@tanstack/react-router";
import type { SearchHit } from "@usher/api";
import type { LucideIcon } from "lucide-react";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { allows, useMe } from "#lib/api/session.ts";
import * as icons from "#lib/ui/icons.ts";
import { sentence } from "#lib/ui/notify.ts";
import { actions, mine, sections } from "./navigation.ts";
import classes from "./palette.module.css";

const HIT_ICONS: Record<SearchHit["kind"], LucideIcon> = {
  person: icons.UserRoundIcon,
  company: icons.Building2Icon,
  dialogue: icons.WaypointsIcon,
  site: icons.GlobeIcon,
  user: icons.ShieldUserIcon,
};

/** The entries are reached from the field by arrow keys; what scrolls is a stop of its own. */
const SCROLLED = { viewportProps: { tabIndex: 0 } };

/** Every screen, every action, and whatever the server finds, by a few letters. */
export function Palette() {
  const me = useMe();
  const navigate = useNavigate();
  const router = useRouter();
  const [query, setQuery] = useState("");
  const [asked] = useDebouncedValue(query.trim(), 150);
  const found = useQuery({
    queryKey: ["search", asked],
    queryFn: ({ signal }) => api.get<{ items: SearchHit[] }>("/search", { query: { q: asked }, signal }),
    enabled: asked.length >= 2,
    placeholderData: (previous) => previous,
  });
  const screens = [...sections.flatMap((section) => section.entries), mine].filter((entry) =>
    fits(entry.label, query),
  );
  const doable = actions.filter((action) => fits(action.label, query));
  const hits = asked.length >= 2 && query.trim() !== "" ? (found.data?.items ?? []) : [];
  const goTo = (link: string) => router.history.push(link.startsWith("/console") ? link : `/console${link}`);

  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      lockScroll={false}
      scrollable
      maxHeight={420}
      centered={false}
      yOffset={96}
      overlayProps={{ blur: 0, backgroundOpacity: 0.45 }}
      title="Find or do"
      classNames={{ header: classes.unseen }}
    >
      <Spotlight.Search
        placeholder="Find a screen, a person, a dialogue – or do something"
        aria-label="Find or do"
        leftSection={<icons.SearchIcon size={18} />}
      />
      <Spotlight.ActionsList {...SCROLLED}>
        <Lines
          label="Go to"
          lines={screens
            .filter((one) => allows(me, one.permission))
            .map((one) => ({ icon: one.icon, label: one.label, run: () => void navigate({ to: one.to }) }))}
        />
        <Lines
          label="Do"
          lines={doable
            .filter((one) => allows(me, one.permission))
            .map((one) => ({ icon: one.icon, label: one.label, run: () => goTo(one.href) }))}
        />
        {hits.length > 0 ? (
          <Spotlight.ActionsGroup label="Found">
            {hits.map((hit) => (
              <Line
                key={hit.kind + hit.id}
                icon={HIT_ICONS[hit.kind]}
                label={hit.title}
                note={hit.subtitle}
                run={() => goTo(hit.link)}
              />
            ))}
          </Spotlight.ActionsGroup>
        ) : null}
        {found.error && asked.length >= 2 ? <Spotlight.Empty>{sentence(found.error)}</Spotlight.Empty> : null}
        {hits.length + screens.length + doable.length === 0 && !found.isFetching && !found.error ? (
          <Spotlight.Empty>Nothing is called “{query}”</Spotlight.Empty>
        ) : null}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function Lines({ label, lines }: { label: string; lines: LineProps[] }) {
  if (lines.length === 0) return null;
  return (
    <Spotlight.ActionsGroup label={label}>
      {lines.map((line) => (
        <Line key={line.label} {...line} />
      ))}
    </Spotlight.ActionsGroup>
  );
}

interface LineProps {
  icon: LucideIcon;
  label: string;
  note?: string | null;
  run: () => void;
}

function Line({ icon: Icon, label, note, run }: LineProps) {
  return (
    <Spotlight.Action onClick={run}>
      <span className={classes.line}>
        <Icon size={16} aria-hidden="true" />
        <Text size="sm" truncate dir="auto" flex={1}>
          {label}
        </Text>
        {note ? (
          <Text size="xs" className={classes.note} truncate dir="auto">
            {note}
          </Text>
        ) : null}
      </span>
    </Spotlight.Action>
  );
}

/** Every word typed begins some word of the label. */
function fits(label: string, query: string): boolean {
  const words = label.toLowerCase().split(/\s+/);
  return query
    .toLowerCase()
    .split(/\s+/)
    .filter((part) => part !== "")
    .every((part) => words.some((word) => word.startsWith(part)));
}
