import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ConversationSummary, Person } from "@usher/api";
import { OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { StageBadge } from "#lib/ui/StageBadge.tsx";
import classes from "./home.module.css";
import { Section } from "./Section.tsx";

export function RecentConversations({ conversations }: { conversations: ConversationSummary[] }) {
  return (
    <Section title="Latest conversations">
      {conversations.length === 0 ? (
        <Text size="sm" c="dimmed" mt="xs">
          None yet. A published dialogue on an installed site makes the first one.
        </Text>
      ) : (
        <ul className={classes.recent}>
          {conversations.map((one) => (
            <li key={one.id}>
              <Link to="/conversations/$id" params={{ id: one.id }} className={classes.line}>
                <span className={classes.lineText}>
                  <OwnText truncate display="block" fw={500}>
                    {one.person?.full_name ?? one.person?.email ?? "Anonymous visitor"}
                  </OwnText>
                  <OwnText truncate display="block" className={classes.dim}>
                    {one.dialogue?.name}
                  </OwnText>
                </span>
                <StageBadge stage={one.state} />
                <span className={classes.when}>
                  <TimeAgo at={one.last_activity_at} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

export function RecentPeople({ people }: { people: Person[] }) {
  return (
    <Section title="Latest people">
      {people.length === 0 ? (
        <Text size="sm" c="dimmed" mt="xs">
          Nobody yet. Import the people you know, or wait for the first visitor to leave an address.
        </Text>
      ) : (
        <ul className={classes.recent}>
          {people.map((person) => (
            <li key={person.id}>
              <Link to="/people/$id" params={{ id: person.id }} className={classes.line}>
                <span className={classes.lineText}>
                  <OwnText truncate display="block" fw={500}>
                    {person.full_name ?? person.email ?? "Anonymous person"}
                  </OwnText>
                  <OwnText truncate display="block" className={classes.dim}>
                    {person.company?.name ?? person.email}
                  </OwnText>
                </span>
                <span className={classes.when}>
                  <TimeAgo at={person.last_seen_at ?? person.created_at} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
