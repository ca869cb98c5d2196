import { Button, Group, Paper, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { PersonDetail } from "@usher/api";
import { useMay } from "#lib/api/session.ts";
import { attributesQuery } from "#lib/api/shared.ts";
import { valueText } from "#lib/ui/format.ts";
import { OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { SOURCE_WORDS } from "./OriginNote.tsx";
import classes from "./record.module.css";
import { useEditPerson } from "./use-edit-person.tsx";

/** What somebody said about this person without proving to be them: used only when a user agrees. */
export function Suggestions({ person }: { person: PersonDetail }) {
  const attributes = useQuery(attributesQuery).data;
  const edit = useEditPerson(person.id);
  const may = useMay("people.edit");
  if (person.suggestions.length === 0) return null;
  return (
    <section>
      <div className={classes.heading}>
        <Title order={2}>Suggested</Title>
      </div>
      <Text size="xs" c="dimmed" mb="xs">
        Said in a conversation by somebody who did not prove to be this person. Not used until you take it.
      </Text>
      {person.suggestions.map((one) => {
        const attribute = attributes?.find((def) => def.of === "person" && def.name === bare(one.attribute));
        const label = attribute?.label ?? one.attribute;
        return (
          <Paper key={`${one.attribute} ${one.at}`} withBorder p="xs" mb="xs">
            <Group justify="space-between" wrap="nowrap">
              <div>
                <Text size="xs" c="dimmed">
                  {label} · {SOURCE_WORDS[one.source] ?? one.source} · <TimeAgo at={one.at} />
                </Text>
                <Text size="sm">
                  <OwnText>{valueText(one.value, attribute?.type)}</OwnText>
                </Text>
              </div>
              {may ? (
                <Button
                  variant="default"
                  size="compact-xs"
                  aria-label={`Take the suggested ${label}`}
                  onClick={() =>
                    edit.mutate({ attribute: { name: bare(one.attribute), label }, value: one.value })
                  }
                >
                  Take it
                </Button>
              ) : null}
            </Group>
          </Paper>
        );
      })}
    </section>
  );
}

function bare(attribute: string): string {
  return attribute.replace(/^person\./, "");
}
