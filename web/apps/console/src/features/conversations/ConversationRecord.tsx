import { Anchor, Badge, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { Conversation } from "@usher/api";
import { useMay } from "#lib/api/session.ts";
import { DASH, dateTime } from "#lib/ui/format.ts";
import { TextLink } from "#lib/ui/Links.tsx";
import { Page } from "#lib/ui/Page.tsx";
import { Fact, OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { StageBadge } from "#lib/ui/StageBadge.tsx";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { Transcript } from "#lib/ui/Transcript.tsx";
import classes from "./conversation.module.css";
import { conversationQuery } from "./queries.ts";
import { pagePath, withWhom } from "./reached.ts";

const route = getRouteApi("/frame/conversations/$id");
const BACK = { label: "Conversations", to: "/conversations" } as const;

/** One conversation: what is known of it, and every word. */
export function ConversationRecord() {
  const { id } = route.useParams();
  const query = useQuery(conversationQuery(id));
  const one = query.data;
  if (one === undefined) {
    return (
      <Page title="Conversation" back={BACK}>
        {query.error ? (
          <Failed
            error={query.error}
            what="This conversation could not be read"
            retry={() => void query.refetch()}
          />
        ) : (
          <LinesSkeleton />
        )}
      </Page>
    );
  }
  return (
    <Page title={withWhom(one)} back={BACK} note={<StageBadge stage={one.state} />}>
      <div className={classes.record}>
        <aside className={classes.side} aria-label="About this conversation">
          <Facts one={one} />
        </aside>
        <div className={classes.main}>
          <Transcript messages={one.transcript} />
        </div>
      </div>
    </Page>
  );
}

function Facts({ one }: { one: Conversation }) {
  const mayPeople = useMay("people.view");
  const mayDialogues = useMay("dialogues.view");
  return (
    <dl className={classes.facts}>
      <Fact label="Person">
        {one.person && mayPeople ? (
          <TextLink to="/people/$id" params={{ id: one.person.id }} inherit>
            <OwnText>{withWhom(one)}</OwnText>
          </TextLink>
        ) : (
          <OwnText>{withWhom(one)}</OwnText>
        )}
      </Fact>
      <Fact label="Dialogue">
        {one.dialogue && mayDialogues ? (
          <TextLink to="/dialogues/$id" params={{ id: one.dialogue.id }} inherit>
            <OwnText>{one.dialogue.name}</OwnText>
          </TextLink>
        ) : (
          <OwnText>{one.dialogue?.name}</OwnText>
        )}
        {`, version ${one.version}`}
      </Fact>
      <Fact label="Page">
        {one.page_url && /^https?:/.test(one.page_url) ? (
          <Anchor href={one.page_url} target="_blank" rel="noopener noreferrer nofollow" inherit>
            <OwnText>{pagePath(one.page_url)}</OwnText>
          </Anchor>
        ) : (
          <OwnText>{one.page_url}</OwnText>
        )}
      </Fact>
      <Fact label="Site">
        <OwnText>{one.site?.name}</OwnText>
      </Fact>
      <Fact label="Shown">{dateTime(one.started_at)}</Fact>
      <Fact label="First answer">{dateTime(one.engaged_at)}</Fact>
      <Fact label="Completed">{dateTime(one.completed_at)}</Fact>
      <Fact label="Last sign of the visitor">
        <TimeAgo at={one.last_activity_at} />
      </Fact>
      <Fact label="Goals">
        {one.goals.length === 0 ? (
          DASH
        ) : (
          <Group gap={4} component="span">
            {one.goals.map((goal) => (
              <Badge key={goal}>{goal}</Badge>
            ))}
          </Group>
        )}
      </Fact>
    </dl>
  );
}
