import { Button, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { Page as ApiPage, ConversationSummary } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { usePages } from "#lib/api/pages.ts";
import { useMay } from "#lib/api/session.ts";
import { dialogueNamesQuery, flowNamesQuery } from "#lib/api/shared.ts";
import { REFRESH } from "#lib/live/refresh.ts";
import { DataTable } from "#lib/ui/DataTable.tsx";
import { DayField } from "#lib/ui/DayField.tsx";
import { MessagesSquareIcon, SearchIcon } from "#lib/ui/icons.ts";
import { ButtonLink } from "#lib/ui/Links.tsx";
import { Page } from "#lib/ui/Page.tsx";
import { SearchBox } from "#lib/ui/SearchBox.tsx";
import { STAGE_WORDS } from "#lib/ui/StageBadge.tsx";
import { Empty } from "#lib/ui/States.tsx";
import { COLUMNS } from "./columns.tsx";
import classes from "./conversation.module.css";
import { Narrowed } from "./Narrowed.tsx";
import { countedBeside, queryOf } from "./narrowings.ts";

const route = getRouteApi("/frame/conversations");

const REACHED_WORDS = [
  { value: "triggered", label: "Shown" },
  { value: "engaged", label: "Ever engaged" },
  { value: "completed", label: "Ever completed" },
  { value: "acquired", label: "Gave an e-mail address" },
  { value: "goals", label: "Reached a goal" },
  { value: "documents", label: "Opened a document" },
];
const STAGES = Object.entries(STAGE_WORDS).map(([value, words]) => ({
  value,
  label: `Now ${words.label.toLowerCase()}`,
}));

/** Every conversation, the latest first; kept current while it is looked at. */
export function Conversations() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const update = (change: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const { state, reached, dialogue, from, to } = search;
  const pages = usePages<ConversationSummary>(
    ["conversations", "list", search],
    (cursor, signal) =>
      api.get<ApiPage<ConversationSummary>>("/conversations", {
        query: { ...queryOf(search), cursor, limit: 100 },
        signal,
      }),
    { refetchInterval: REFRESH.happening },
  );
  const narrowed = Object.values(search).some((value) => value !== undefined);
  const clear = () => void navigate({ search: {}, replace: true });
  return (
    <Page
      title="Conversations"
      fill
      note={
        <Text size="xs" c="dimmed" className="wide-only">
          Current within seconds
        </Text>
      }
      toolbar={
        <>
          <SearchBox
            label="Search conversations"
            placeholder="Person or dialogue"
            value={search.q}
            onChange={(text) => update({ q: text })}
          />
          <Select
            size="xs"
            flex="1 1 152px"
            maw={184}
            aria-label="Stage"
            placeholder="Any stage"
            clearable
            data={[
              { group: "Reached", items: REACHED_WORDS },
              { group: "Stage", items: STAGES },
            ].map((group) =>
              group.group === "Stage"
                ? { ...group, items: group.items.map((one) => ({ ...one, value: `now:${one.value}` })) }
                : group,
            )}
            value={state ? `now:${state}` : (reached ?? null)}
            onChange={(value) =>
              update({
                state: value?.startsWith("now:") ? (value.slice(4) as typeof state) : undefined,
                reached: value !== null && !value.startsWith("now:") ? (value as typeof reached) : undefined,
                named: undefined,
              })
            }
          />
          <DialogueFilter value={dialogue} onChange={(id) => update({ dialogue: id })} />
          <DayField label="From day" value={from} onChange={(day) => update({ from: day })} />
          <DayField label="Until day" value={to} onChange={(day) => update({ to: day })} />
          <Narrowed search={search} onChange={update} />
          {narrowed ? (
            <Button variant="subtle" color="gray" onClick={clear}>
              Clear
            </Button>
          ) : null}
        </>
      }
    >
      {reached ? (
        <Text size="xs" c="dimmed" className={classes.counted}>
          {countedBeside(search)}
        </Text>
      ) : null}
      <DataTable
        label="The conversations"
        columns={COLUMNS}
        data={pages}
        rowId={(one) => one.id}
        empty={<NoConversations narrowed={narrowed} onClear={clear} />}
      />
    </Page>
  );
}

function NoConversations({ narrowed, onClear }: { narrowed: boolean; onClear: () => void }) {
  const maySee = useMay("dialogues.view");
  if (narrowed) {
    return (
      <Empty
        icon={SearchIcon}
        title="No conversation fits"
        action={
          <Button variant="default" onClick={onClear}>
            Show all
          </Button>
        }
      >
        None is left with these filters.
      </Empty>
    );
  }
  return (
    <Empty
      icon={MessagesSquareIcon}
      title="No conversation yet"
      action={maySee ? <ButtonLink to="/dialogues">Look at the dialogues</ButtonLink> : null}
    >
      Each time a published dialogue is shown to a visitor, the conversation appears here by itself.
    </Empty>
  );
}

function DialogueFilter({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}) {
  const mayDialogues = useMay("dialogues.view");
  const mayFlows = useMay("flows.view");
  const dialogues = useQuery({ ...dialogueNamesQuery, enabled: mayDialogues });
  const flows = useQuery({ ...flowNamesQuery, enabled: mayFlows });
  if (!mayDialogues && !mayFlows) return null;
  const names = (rows: { id: string; name: string }[] | undefined) =>
    (rows ?? []).map((one) => ({ value: one.id, label: one.name }));
  const groups = [
    { group: "Dialogues", items: names(dialogues.data) },
    { group: "Flows", items: names(flows.data) },
  ];
  return (
    <Select
      size="xs"
      flex="1 1 152px"
      maw={184}
      aria-label="Dialogue or flow"
      placeholder="Any dialogue or flow"
      searchable
      clearable
      nothingFoundMessage="None is called so"
      data={groups.filter((one) => one.items.length > 0)}
      value={value ?? null}
      onChange={(id) => onChange(id ?? undefined)}
    />
  );
}
