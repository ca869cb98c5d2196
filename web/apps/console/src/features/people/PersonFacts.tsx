import { Badge, Group, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { PersonDetail } from "@usher/api";
import { useMay } from "#lib/api/session.ts";
import { count } from "#lib/ui/format.ts";
import { TextLink } from "#lib/ui/Links.tsx";
import { Fact, OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { AddToList } from "./AddToList.tsx";
import { personQuery } from "./queries.ts";
import classes from "./record.module.css";

/** Company, owner, times, lists. */
export function PersonFacts({ person }: { person: PersonDetail }) {
  const queries = useQueryClient();
  const mayEdit = useMay("people.edit");
  return (
    <>
      <dl className={classes.facts}>
        <Fact label="Company">
          {person.company ? (
            <TextLink to="/companies/$id" params={{ id: person.company.id }} size="sm" dir="auto">
              {person.company.name}
            </TextLink>
          ) : (
            "–"
          )}
        </Fact>
        <Fact label="Owner">
          <OwnText>{person.owner?.name}</OwnText>
        </Fact>
        <Fact label="Last seen">
          <TimeAgo at={person.last_seen_at} />
        </Fact>
        <Fact label="Created">
          <TimeAgo at={person.created_at} />
        </Fact>
        <Fact label="Browsers">
          <span className="tabular">{count(person.visitors)}</span>
        </Fact>
      </dl>
      <Text size="xs" c="dimmed" mb={4}>
        Lists
      </Text>
      <Group gap={4}>
        {person.lists.map((list) => (
          <Badge key={list.id} color="gray" size="lg" fz="xs">
            <span dir="auto">{list.name}</span>
          </Badge>
        ))}
        {person.lists.length === 0 ? <Text size="sm">–</Text> : null}
        {mayEdit ? (
          <AddToList
            ids={[person.id]}
            onDone={() => void queries.invalidateQueries({ queryKey: personQuery(person.id).queryKey })}
          />
        ) : null}
      </Group>
    </>
  );
}
