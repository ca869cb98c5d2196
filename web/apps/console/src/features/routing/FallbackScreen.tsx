import { Button, Group, Select, Stack, Switch, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Fallbacks, RichText, SiteFallbacks } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { sitesQuery } from "#lib/api/shared.ts";
import { SaveButtons, UnsavedGuard } from "#lib/ui/forms.tsx";
import { GlobeIcon } from "#lib/ui/icons.ts";
import { ButtonLink } from "#lib/ui/Links.tsx";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";
import { Page } from "#lib/ui/Page.tsx";
import { RichTextEditor } from "#lib/ui/rich-text/RichTextEditor.tsx";
import { Empty, Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { fallbacksQuery } from "./queries.ts";

/** What each site says and offers when nobody can be reached. */
export function FallbackScreen() {
  const sites = useQuery(sitesQuery);
  const [chosen, setChosen] = useState<string | null>(null);
  const site = chosen ?? sites.data?.[0]?.id;
  const found = useQuery({ ...fallbacksQuery(site ?? ""), enabled: site !== undefined });
  const choice =
    sites.data && sites.data.length > 1 ? (
      <Select
        aria-label="Site"
        data={sites.data.map(({ id, name }) => ({ value: id, label: name }))}
        value={site ?? null}
        allowDeselect={false}
        onChange={setChosen}
      />
    ) : null;
  if (found.data) return <Editor key={found.data.site_id} found={found.data} choice={choice} />;
  const error = sites.error ?? found.error;
  return (
    <Page title="Fallbacks" narrow>
      {error ? <Failed error={error} what="The fallbacks could not be read" /> : null}
      {sites.data?.length === 0 ? (
        <Empty
          icon={GlobeIcon}
          title="There is no site yet"
          action={<ButtonLink to="/sites">Sites</ButtonLink>}
        >
          Fallbacks belong to a site.
        </Empty>
      ) : null}
      {!error && sites.data?.length !== 0 ? <LinesSkeleton /> : null}
    </Page>
  );
}

const EMPTY: RichText = { blocks: [{ type: "paragraph", spans: [] }] };

function Editor({ found, choice }: { found: SiteFallbacks; choice: React.ReactNode }) {
  const queries = useQueryClient();
  const [draft, setDraft] = useState<Fallbacks | null>(null);
  const [round, setRound] = useState(0);
  const values = draft ?? found.fallbacks;
  const change = (part: Partial<Fallbacks>) => setDraft({ ...values, ...part });
  const settle = () => {
    setDraft(null);
    setRound(round + 1);
  };
  const save = useMutation({
    mutationFn: (fallbacks: Fallbacks) =>
      api.put<SiteFallbacks>(`/sites/${found.site_id}/fallbacks`, fallbacks, { ifMatch: found.version }),
    onSuccess: (saved) => {
      queries.setQueryData(fallbacksQuery(saved.site_id).queryKey, saved);
      settle();
      notifyDone("The fallbacks are saved");
    },
    onError: (error) => notifyProblem("The fallbacks were not saved", error),
  });
  return (
    <Page
      title="Fallbacks"
      narrow
      note={choice}
      actions={
        <SaveButtons
          dirty={draft !== null}
          saving={save.isPending}
          onSave={() => draft && save.mutate(draft)}
          onDiscard={settle}
        />
      }
    >
      <Stack gap="xl" key={round}>
        <Text size="sm" c="dimmed">
          The texts are said wherever a card has none of its own. Meetings cannot be booked yet, so a meeting
          card always says its fallback, and the calendar takes effect with meetings.
        </Text>
        <OwnWords
          label="When nobody takes a chat"
          value={values.live_chat}
          onChange={(live_chat) => change({ live_chat })}
        />
        <OwnWords
          label="When no meeting can be offered"
          value={values.meeting}
          onChange={(meeting) => change({ meeting })}
        />
        <Switch
          label="Any available agent"
          description="Ask one of all agents when those whom a card asks for cannot be had"
          checked={values.any_available_agent}
          onChange={(event) => change({ any_available_agent: event.currentTarget.checked })}
        />
        <Switch
          label="Include meeting booking"
          description="Offer the calendar of the first agent when nobody can chat"
          checked={values.include_meeting_booking}
          onChange={(event) => change({ include_meeting_booking: event.currentTarget.checked })}
        />
      </Stack>
      <UnsavedGuard dirty={draft !== null} />
    </Page>
  );
}

interface OwnWordsProps {
  label: string;
  value: RichText | null;
  onChange: (text: RichText | null) => void;
}

function OwnWords({ label, value, onChange }: OwnWordsProps) {
  if (!value) {
    return (
      <div>
        <Text size="sm" fw={500}>
          {label}
        </Text>
        <Group mt={4}>
          <Text size="sm">The standard text is said, in the visitor’s language.</Text>
          <Button
            variant="default"
            size="xs"
            onClick={() => onChange(EMPTY)}
            aria-label={`${label}: own words`}
          >
            Own words
          </Button>
        </Group>
      </div>
    );
  }
  return (
    <div>
      <RichTextEditor label={label} value={value} onChange={onChange} />
      <Button
        variant="subtle"
        color="gray"
        size="xs"
        mt={4}
        onClick={() => onChange(null)}
        aria-label={`${label}: the standard text`}
      >
        Back to the standard text
      </Button>
    </div>
  );
}
