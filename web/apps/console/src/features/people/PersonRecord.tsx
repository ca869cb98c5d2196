import { Badge, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { PersonDetail, Rung } from "@usher/api";
import { Page } from "#lib/ui/Page.tsx";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { ActivityLog } from "./ActivityLog.tsx";
import { Attributes } from "./Attributes.tsx";
import { PersonConversations } from "./PersonConversations.tsx";
import { PersonFacts } from "./PersonFacts.tsx";
import { PersonMenu } from "./PersonMenu.tsx";
import { PersonPageViews } from "./PersonPageViews.tsx";
import { personName } from "./person-name.ts";
import { personQuery } from "./queries.ts";
import classes from "./record.module.css";
import { Suggestions } from "./Suggestions.tsx";

const route = getRouteApi("/frame/people/$id");

const RUNGS: Record<Rung, { label: string; hint: string; color: string }> = {
  anonymous: { label: "Anonymous", hint: "Nobody said who this is", color: "gray" },
  claimed: {
    label: "Claimed",
    hint: "Somebody typed this address; nothing proves that it is theirs",
    color: "yellow",
  },
  proven: { label: "Proven", hint: "The identity was proven", color: "green" },
};

export function PersonRecord() {
  const { id } = route.useParams();
  const person = useQuery(personQuery(id));
  if (person.data) return <Record person={person.data} />;
  return (
    <Page title="Person" back={{ label: "People", to: "/people" }}>
      {person.error ? (
        <Failed
          error={person.error}
          what="This person could not be read"
          retry={() => void person.refetch()}
        />
      ) : (
        <LinesSkeleton lines={8} />
      )}
    </Page>
  );
}

function Record({ person }: { person: PersonDetail }) {
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  const rung = RUNGS[person.rung];
  return (
    <Page
      title={personName(person)}
      back={{ label: "People", to: "/people" }}
      note={
        <Badge color={rung.color} title={rung.hint}>
          {rung.label}
        </Badge>
      }
      actions={<PersonMenu person={person} />}
    >
      <div className={classes.record}>
        <aside className={classes.side} aria-label="What is known">
          <PersonFacts person={person} />
          <Suggestions person={person} />
          <Attributes person={person} />
        </aside>
        <section className={classes.main} aria-label="What happened">
          <Tabs
            value={tab ?? "activity"}
            onChange={(value) =>
              void navigate({
                search: { tab: value === "conversations" || value === "page-views" ? value : undefined },
                replace: true,
              })
            }
            keepMounted={false}
          >
            <Tabs.List className={classes.tabs}>
              <Tabs.Tab value="activity">Activity</Tabs.Tab>
              <Tabs.Tab value="conversations">Conversations</Tabs.Tab>
              <Tabs.Tab value="page-views">Page views</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="activity">
              <ActivityLog personId={person.id} />
            </Tabs.Panel>
            <Tabs.Panel value="conversations">
              <PersonConversations personId={person.id} />
            </Tabs.Panel>
            <Tabs.Panel value="page-views">
              <PersonPageViews personId={person.id} />
            </Tabs.Panel>
          </Tabs>
        </section>
      </div>
    </Page>
  );
}
