import { Button, Center, Table, Text } from "@mantine/core";
import type { DocumentOpening, Page } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { usePages } from "#lib/api/pages.ts";
import { useMay } from "#lib/api/session.ts";
import { REFRESH } from "#lib/live/refresh.ts";
import { DASH, duration } from "#lib/ui/format.ts";
import { TextLink } from "#lib/ui/Links.tsx";
import { OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import classes from "./documents.module.css";
import { pagesText, percent } from "./figures.ts";

interface ReadersProps {
  id: string;
  from: string | undefined;
}

/** Who read, the latest first; nothing for those who may see neither people nor conversations. */
export function Readers(props: ReadersProps) {
  const [people, conversations] = [useMay("people.view"), useMay("livechat.view_all")];
  if (!people && !conversations) return null;
  return <ReaderTable {...props} people={people} conversations={conversations} />;
}

function ReaderTable({ id, from, ...may }: ReadersProps & { people: boolean; conversations: boolean }) {
  const openings = usePages<DocumentOpening>(
    ["documents", "openings", id, from ?? null],
    (cursor, signal) =>
      api.get<Page<DocumentOpening>>(`/documents/${id}/openings`, {
        query: { from, cursor, limit: 25 },
        signal,
      }),
    { refetchInterval: REFRESH.happening },
  );
  return (
    <section aria-label="Readers" className={classes.section}>
      <h2>Who read it</h2>
      {openings.loading ? <LinesSkeleton lines={2} /> : null}
      {openings.error ? (
        <Failed error={openings.error} what="The readers could not be read" retry={openings.retry} />
      ) : null}
      {openings.rows.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1, scrollable regions must be reachable by key
        <section className={classes.wide} tabIndex={0} aria-label="The readers">
          <Table fz="sm" className="tabular" miw={720}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Who</Table.Th>
                <Table.Th>In</Table.Th>
                <Table.Th>Opened</Table.Th>
                <Table.Th>Pages</Table.Th>
                <Table.Th ta="end">Read</Table.Th>
                <Table.Th ta="end">Time</Table.Th>
                <Table.Th>Also</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {openings.rows.map((one) => (
                <Reader key={`${one.opened_at} ${one.conversation_id}`} one={one} may={may} />
              ))}
            </Table.Tbody>
          </Table>
        </section>
      ) : null}
      {openings.hasMore ? (
        <Center mt="md">
          <Button variant="default" onClick={openings.loadMore}>
            Show older
          </Button>
        </Center>
      ) : null}
    </section>
  );
}

function Reader({ one, may }: { one: DocumentOpening; may: { people: boolean; conversations: boolean } }) {
  return (
    <Table.Tr>
      <Table.Td className={classes.who}>
        <Who one={one} mayPeople={may.people} />
      </Table.Td>
      <Table.Td className={classes.who}>
        {one.conversation_id && may.conversations ? (
          <TextLink to="/conversations/$id" params={{ id: one.conversation_id }} inherit>
            <OwnText>{one.dialogue?.name ?? "Conversation"}</OwnText>
          </TextLink>
        ) : (
          <OwnText>{one.dialogue?.name}</OwnText>
        )}
      </Table.Td>
      <Table.Td>
        <TimeAgo at={one.opened_at} />
      </Table.Td>
      <Table.Td>{pagesText(one.pages_viewed)}</Table.Td>
      <Table.Td ta="end">{percent(one.share_read)}</Table.Td>
      <Table.Td ta="end">{duration(one.seconds)}</Table.Td>
      <Table.Td className={classes.also}>
        <OwnText>{alsoText(one)}</OwnText>
      </Table.Td>
    </Table.Tr>
  );
}

function Who({ one, mayPeople }: { one: DocumentOpening; mayPeople: boolean }) {
  const { person } = one;
  if (person === null) {
    return (
      <Text inherit span c="dimmed">
        {one.conversation_id === null ? "Erased" : "Anonymous visitor"}
      </Text>
    );
  }
  const name = person.full_name ?? person.email;
  return mayPeople ? (
    <TextLink to="/people/$id" params={{ id: person.id }} search={{}} inherit>
      <OwnText>{name}</OwnText>
    </TextLink>
  ) : (
    <OwnText>{name}</OwnText>
  );
}

/** What else the reader did, in one line. */
function alsoText(one: DocumentOpening): string {
  const did = [
    one.downloaded ? "downloaded" : null,
    one.printed ? "printed" : null,
    one.searches.length > 0 ? `searched for ${one.searches.map((text) => `“${text}”`).join(", ")}` : null,
  ].filter((part) => part !== null);
  return did.length === 0 ? DASH : did.join(", ");
}
