import { Button, Center, SegmentedControl } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { getRouteApi } from "@tanstack/react-router";
import type { Page as ApiPage, ChatRow } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { usePages } from "#lib/api/pages.ts";
import { useMe } from "#lib/api/session.ts";
import { KEYS } from "#lib/live/queries.ts";
import { dayEnd, dayStart } from "#lib/ui/day-range.ts";
import { FilterIcon, InboxIcon, SearchIcon } from "#lib/ui/icons.ts";
import { SearchBox } from "#lib/ui/SearchBox.tsx";
import { Empty, Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { useShortcut } from "#lib/ui/shortcuts.ts";
import { ChatLine } from "./ChatLine.tsx";
import { inOrder } from "./chats.ts";
import { Filters } from "./Filters.tsx";
import classes from "./inbox.module.css";

const route = getRouteApi("/frame/inbox");

/** The chats that one may see, what needs one first. */
export function ChatList() {
  const me = useMe();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { scope, q, agent, team, outcome, rating, from, to, chat: openChat } = search;
  const narrowed = [q, agent, team, outcome, rating, from, to].some((one) => one !== undefined);
  const [filtering, filter] = useDisclosure(narrowed && q === undefined);
  const asked = {
    scope: scope ?? "active",
    query: q,
    agent_id: agent,
    team_id: team,
    outcome,
    rating,
    from: dayStart(from),
    to: dayEnd(to),
  };
  const pages = usePages<ChatRow>([...KEYS.lists, "inbox", asked], (cursor, signal) =>
    api.get<ApiPage<ChatRow>>("/chats", { query: { ...asked, cursor, limit: 50 }, signal }),
  );
  const rows = inOrder(pages.rows, me.user.id);
  const update = (change: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const move = (by: number) => {
    const at = rows.findIndex((one) => one.id === openChat);
    const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next) update({ chat: next.id, step: undefined });
  };
  useShortcut("j", "Next chat", () => move(1), { group: "Inbox" });
  useShortcut("k", "Previous chat", () => move(-1), { group: "Inbox" });
  useShortcut("f", "Filter", filter.toggle, { group: "Inbox" });

  return (
    <>
      <div className={classes.finding}>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label="Which chats"
          data={[
            { value: "active", label: "Active" },
            { value: "all", label: "All" },
          ]}
          value={scope ?? "active"}
          onChange={(value) => update({ scope: value === "all" ? "all" : undefined })}
        />
        <div className={classes.search}>
          <SearchBox
            label="Search chats"
            placeholder="Person or dialogue"
            value={q}
            onChange={(text) => update({ q: text })}
          />
          <Button
            variant={filtering ? "light" : "default"}
            px={8}
            aria-label="Filter"
            title="Filter (f)"
            aria-expanded={filtering}
            onClick={filter.toggle}
          >
            <FilterIcon size={14} />
          </Button>
        </div>
        {filtering ? <Filters search={search} onChange={update} /> : null}
      </div>
      <div className={classes.rows}>
        {pages.loading ? <LinesSkeleton lines={5} /> : null}
        {pages.error && rows.length === 0 ? (
          <Failed error={pages.error} what="The chats could not be read" retry={pages.retry} />
        ) : null}
        {!pages.loading && !pages.error && rows.length === 0 ? (
          <NoChats
            narrowed={narrowed}
            all={scope === "all"}
            onAll={() => update({ scope: "all" })}
            onClear={() =>
              update({
                q: undefined,
                agent: undefined,
                team: undefined,
                outcome: undefined,
                rating: undefined,
                from: undefined,
                to: undefined,
              })
            }
          />
        ) : null}
        <ul className={classes.list} aria-label="Chats">
          {rows.map((one) => (
            <ChatLine key={one.id} chat={one} me={me.user.id} open={one.id === openChat} />
          ))}
        </ul>
        {pages.hasMore ? (
          <Center p="sm">
            <Button variant="default" onClick={pages.loadMore}>
              Show older
            </Button>
          </Center>
        ) : null}
      </div>
    </>
  );
}

interface NoChatsProps {
  narrowed: boolean;
  all: boolean;
  onAll: () => void;
  onClear: () => void;
}

function NoChats({ narrowed, all, onAll, onClear }: NoChatsProps) {
  if (narrowed) {
    return (
      <Empty
        icon={SearchIcon}
        title="No chat fits"
        action={
          <Button variant="default" onClick={onClear}>
            Show every chat
          </Button>
        }
      >
        None is left with this search and these filters.
      </Empty>
    );
  }
  return (
    <Empty
      icon={InboxIcon}
      title={all ? "No chat yet" : "No active chat"}
      action={
        all ? null : (
          <Button variant="default" onClick={onAll}>
            Show past ones
          </Button>
        )
      }
    >
      When a dialogue hands a visitor over and an agent accepts, the chat appears here.
    </Empty>
  );
}
