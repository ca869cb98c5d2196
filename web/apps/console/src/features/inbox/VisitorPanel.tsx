import { ActionIcon, Anchor, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { AttributeDef, ChatView, PersonDetail } from "@usher/api";
import { AttributeRow } from "#features/people/AttributeRow.tsx";
import { personQuery } from "#features/people/queries.ts";
import { useMay } from "#lib/api/session.ts";
import { attributesQuery } from "#lib/api/shared.ts";
import { whoIs } from "#lib/live/alerts.ts";
import { ChevronLeftIcon } from "#lib/ui/icons.ts";
import { TextLink } from "#lib/ui/Links.tsx";
import { Fact, OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { LinesSkeleton } from "#lib/ui/States.tsx";
import classes from "./inbox.module.css";
import { VisitorHistory } from "./VisitorHistory.tsx";

/** What one looks for first, in this order; the rest stands in the record. */
const FIRST = ["first_name", "last_name", "job_title", "email", "phone"];
const CRM = /crm.*status|lead_status|lifecycle/;

/** Who it is: what is known, and what is not shows a dash; below, what the visitor did. */
export function VisitorPanel({ chat, onBack }: { chat: ChatView; onBack: () => void }) {
  const maySee = useMay("people.view");
  const person = useQuery({ ...personQuery(chat.person.id), enabled: maySee });
  return (
    <div className={classes.visitor}>
      <div className={classes.visitorHead}>
        <ActionIcon
          className={classes.toChat}
          variant="subtle"
          color="gray"
          aria-label="Back to the conversation"
          onClick={onBack}
        >
          <ChevronLeftIcon size={18} />
        </ActionIcon>
        <Title order={2} dir="auto">
          {maySee ? (
            <TextLink to="/people/$id" params={{ id: chat.person.id }} search={{}} inherit c="inherit">
              {whoIs(chat.person)}
            </TextLink>
          ) : (
            whoIs(chat.person)
          )}
        </Title>
      </div>
      {person.data ? <Known person={person.data} /> : person.isLoading ? <LinesSkeleton lines={4} /> : null}
      {maySee ? null : <Basics chat={chat} />}
      <dl className={classes.facts}>
        {person.data ? (
          <Fact label="Company">
            {person.data.company ? (
              <TextLink to="/companies/$id" params={{ id: person.data.company.id }} inherit dir="auto">
                {person.data.company.name}
              </TextLink>
            ) : (
              <OwnText>{chat.person.company}</OwnText>
            )}
          </Fact>
        ) : null}
        {person.data ? (
          <Fact label="Owner">
            <OwnText>{person.data.owner?.name}</OwnText>
          </Fact>
        ) : null}
        <Fact label="Asked for an agent">
          <TimeAgo at={chat.requested_at} />
        </Fact>
      </dl>
      <dl className={classes.facts} data-wide>
        <Fact label="Page">
          <PageLink url={chat.page_url} />
        </Fact>
        {chat.rating_comment ? (
          <Fact label="Comment on the rating">
            <OwnText>{chat.rating_comment}</OwnText>
          </Fact>
        ) : null}
      </dl>
      {chat.explanation.length > 0 ? (
        <details className={classes.why}>
          <summary>Why this agent?</summary>
          <ul>
            {chat.explanation.map((one) => (
              <li key={one} dir="auto">
                {one}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      {maySee ? <VisitorHistory chat={chat} /> : null}
    </div>
  );
}

function Known({ person }: { person: PersonDetail }) {
  const attributes = useQuery(attributesQuery).data ?? [];
  const named = (name: string) => attributes.find((one) => one.of === "person" && one.name === name);
  const crm = attributes.filter((one) => one.of === "person" && CRM.test(one.name));
  const shown = [...FIRST.map(named), ...crm].filter((one): one is AttributeDef => one !== undefined);
  return (
    <div className={classes.known}>
      {shown.map((one) => (
        <AttributeRow key={one.name} attribute={one} person={person} />
      ))}
    </div>
  );
}

/** What the chat itself tells, for agents who may not see people. */
function Basics({ chat }: { chat: ChatView }) {
  return (
    <dl className={classes.facts}>
      <Fact label="Name">
        <OwnText>{chat.person.name}</OwnText>
      </Fact>
      <Fact label="E-mail">
        <OwnText>{chat.person.email}</OwnText>
      </Fact>
      <Fact label="Company">
        <OwnText>{chat.person.company}</OwnText>
      </Fact>
    </dl>
  );
}

function PageLink({ url }: { url: string }) {
  if (!/^https?:/.test(url)) return <OwnText>{url}</OwnText>;
  return (
    <Anchor href={url} target="_blank" rel="noopener noreferrer nofollow" inherit dir="auto">
      {url.replace(/^https?:\/\//, "")}
    </Anchor>
  );
}
