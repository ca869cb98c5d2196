import { Accordion, Badge, Button, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Card } from "@usher/api";
import { cardName, exitsOf } from "@usher/stream";
import { useState } from "react";
import { authorName } from "#lib/ui/author.ts";
import { dateTime } from "#lib/ui/format.ts";
import { HistoryIcon } from "#lib/ui/icons.ts";
import { RichTextView } from "#lib/ui/RichTextView.tsx";
import { OwnText } from "#lib/ui/Shown.tsx";
import { Empty, Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { LOOKS } from "../card-looks.ts";
import { offerUndo } from "../draft/offer-undo.tsx";
import type { DraftControl } from "../draft/use-draft.ts";
import { versionQuery, versionsQuery } from "../queries.ts";
import type { TabContent } from "../StreamEditor.tsx";
import classes from "./publish.module.css";

/** Every version that was published; each opens to its cards. */
export function VersionsTab({ record: dialogue, control, readOnly }: TabContent) {
  const { kind } = control;
  const versions = useQuery(versionsQuery(kind, dialogue.id));
  const [open, setOpen] = useState<string | null>(null);
  if (versions.error) {
    return (
      <Failed
        error={versions.error}
        what="The versions could not be read"
        retry={() => void versions.refetch()}
      />
    );
  }
  if (!versions.data) return <LinesSkeleton lines={3} />;
  if (versions.data.length === 0) {
    return (
      <Empty icon={HistoryIcon} title="Never published">
        Each time the {kind.noun} is published, the version is kept here as visitors saw it.
      </Empty>
    );
  }
  const current = dialogue.state === "published" ? dialogue.published?.version : undefined;
  return (
    <div className={classes.form}>
      <Accordion value={open} onChange={setOpen} variant="separated">
        {versions.data.map((one) => (
          <Accordion.Item key={one.version} value={String(one.version)}>
            <Accordion.Control>
              <Group gap="sm">
                <Text size="sm" fw={500}>
                  Version {one.version}
                </Text>
                {one.version === current ? <Badge color="green">Visitors see this</Badge> : null}
                <Text size="xs" c="dimmed">
                  {dateTime(one.at)}, <OwnText>{authorName(one.by)}</OwnText>
                </Text>
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              {open === String(one.version) ? (
                <Version control={control} version={one.version} readOnly={readOnly} />
              ) : null}
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </div>
  );
}

interface VersionProps {
  control: DraftControl;
  version: number;
  readOnly: boolean;
}

function Version({ control, version, readOnly }: VersionProps) {
  const { kind, id } = control;
  const read = useQuery(versionQuery(kind, id, version));
  if (read.error) {
    return (
      <Failed error={read.error} what="This version could not be read" retry={() => void read.refetch()} />
    );
  }
  if (!read.data) return <LinesSkeleton lines={3} />;
  const { draft } = read.data;
  const { cards } = draft.stream;
  const numbers = new Map(cards.map((card, index) => [card.id, index + 1]));
  const restore = () => {
    control.changeDraft(draft);
    offerUndo(`The draft is version ${version} again. Publish it to show it.`, control.undo);
  };
  return (
    <>
      {readOnly ? null : (
        <Group mb="md">
          <Button variant="default" leftSection={<HistoryIcon size={14} />} onClick={restore}>
            Return to version {version}
          </Button>
        </Group>
      )}
      <ol className={classes.frozen}>
        {cards.map((card) => (
          <li key={card.id}>
            <Text size="xs" c="dimmed">
              {numbers.get(card.id)} · {LOOKS[card.kind].label}
              {card.title ? ` · ${card.title}` : null}
            </Text>
            <Said card={card} />
            <Text size="xs" c="dimmed">
              {exitsOf(card)
                .map((exit) =>
                  `${exit.label} ${exit.next === null ? "ends" : `→ ${numbers.get(exit.next)}`}`.trim(),
                )
                .join(" · ")}
            </Text>
          </li>
        ))}
      </ol>
    </>
  );
}

function Said({ card }: { card: Card }) {
  if (!("text" in card)) return <Text size="sm">{cardName(card)}</Text>;
  return (
    <Text size="sm" component="div">
      <RichTextView text={card.text} />
    </Text>
  );
}
