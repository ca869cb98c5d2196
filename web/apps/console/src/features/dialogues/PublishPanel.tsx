import { Alert, Badge, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { CheckResult, Dialogue, Draft, Finding } from "@usher/api";
import { CircleCheckIcon, CircleXIcon, TriangleAlertIcon } from "#lib/ui/icons.ts";
import { sentence } from "#lib/ui/notify.ts";
import { LinesSkeleton } from "#lib/ui/States.tsx";
import { type Change, changesOf } from "./changes.ts";
import classes from "./dialogues.module.css";
import { versionQuery } from "./queries.ts";

const route = getRouteApi("/frame/dialogues/$id");

interface PublishPanelProps {
  dialogue: Dialogue;
  draft: Draft;
  check: CheckResult;
  publishing: boolean;
  onPublish: () => void;
  onClose: () => void;
}

/** What the check found and what visitors will see differently; then the button. */
export function PublishPanel({ dialogue, draft, check, publishing, onPublish, onClose }: PublishPanelProps) {
  const blocked = check.errors.length > 0;
  return (
    <Stack>
      {blocked ? (
        <Alert color="red" icon={<CircleXIcon size={18} />} title="This must be mended first">
          <Findings findings={check.errors} draft={draft} onOpen={onClose} />
        </Alert>
      ) : null}
      {check.warnings.length > 0 ? (
        <Alert color="yellow" icon={<TriangleAlertIcon size={18} />} title="Worth a look">
          <Findings findings={check.warnings} draft={draft} onOpen={onClose} />
        </Alert>
      ) : null}
      {!blocked && check.warnings.length === 0 ? (
        <Alert color="green" icon={<CircleCheckIcon size={18} />} py="xs">
          The check found nothing to mend.
        </Alert>
      ) : null}
      {dialogue.published ? (
        <Changes id={dialogue.id} version={dialogue.published.version} draft={draft} />
      ) : (
        <Text size="sm">
          This is the first version. From then on, visitors who fit the audience are shown it on its pages.
        </Text>
      )}
      <Text size="xs" c="dimmed">
        Conversations that visitors are engaged in go on in the version in which they began.
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Not now
        </Button>
        <Button onClick={onPublish} loading={publishing} disabled={blocked}>
          Publish
        </Button>
      </Group>
    </Stack>
  );
}

function Changes({ id, version, draft }: { id: string; version: number; draft: Draft }) {
  const published = useQuery(versionQuery(id, version));
  if (published.error) {
    return (
      <Text size="sm" c="dimmed">
        What changes against version {version} cannot be shown: {sentence(published.error)}
      </Text>
    );
  }
  if (!published.data) return <LinesSkeleton lines={2} />;
  const changes = changesOf(published.data.draft, draft);
  return (
    <section aria-label="Changes">
      <Title order={2}>Against version {version}</Title>
      {changes.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing that visitors see differs.
        </Text>
      ) : (
        <ul className={classes.changes}>
          {changes.map((change) => (
            <ChangeLine key={change.key} change={change} />
          ))}
        </ul>
      )}
    </section>
  );
}

const CHANGE_COLORS = { added: "green", changed: "blue", removed: "red" } as const;

function ChangeLine({ change }: { change: Change }) {
  const texts = change.facts.filter((fact) => fact.before !== null || fact.after !== null);
  return (
    <li>
      <Group gap="xs" wrap="nowrap">
        <Badge color={CHANGE_COLORS[change.change]}>{change.change}</Badge>
        <Text size="sm" truncate dir="auto">
          {change.name}
        </Text>
      </Group>
      {change.change === "changed"
        ? texts.map((fact) => (
            <div key={fact.label} className={classes.sideBySide}>
              <p dir="auto">{fact.before}</p>
              <p dir="auto">{fact.after}</p>
            </div>
          ))
        : null}
    </li>
  );
}

function Findings({ findings, draft, onOpen }: { findings: Finding[]; draft: Draft; onOpen: () => void }) {
  const navigate = route.useNavigate();
  const nth = new Map(draft.stream.cards.map((card, index) => [card.id, index + 1]));
  return (
    <ul className={classes.findings}>
      {findings.map((one) => (
        <li key={`${one.card_id} ${one.field} ${one.message}`}>
          {one.message}{" "}
          <button
            type="button"
            className={classes.inlineButton}
            onClick={() => {
              onOpen();
              const card = one.card_id;
              void navigate({
                search: (before) =>
                  card === null
                    ? { ...before, tab: "audience" as const }
                    : { ...before, tab: undefined, card },
              });
            }}
          >
            {one.card_id === null ? "Open" : `Card ${nth.get(one.card_id) ?? ""}`}
          </button>
        </li>
      ))}
    </ul>
  );
}
