import { Alert, Badge, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { CheckResult, Dialogue, Draft, Finding } from "@usher/api";
import type { FactChange } from "@usher/stream";
import { CircleCheckIcon, CircleXIcon, TriangleAlertIcon } from "#lib/ui/icons.ts";
import { sentence } from "#lib/ui/notify.ts";
import { LinesSkeleton } from "#lib/ui/States.tsx";
import { LOOKS } from "../card-looks.ts";
import type { DraftControl } from "../draft/use-draft.ts";
import type { StreamKind } from "../kinds.ts";
import { testsQuery, versionQuery } from "../queries.ts";
import { type Change, changesOf } from "./changes.ts";
import { FindingsList } from "./FindingsList.tsx";
import classes from "./publish.module.css";

interface PublishPanelProps {
  dialogue: Dialogue;
  control: DraftControl;
  check: CheckResult;
  publishing: boolean;
  onPublish: () => void;
  onClose: () => void;
}

/** What the check found and what visitors will see differently; then the button. */
export function PublishPanel(props: PublishPanelProps) {
  const { dialogue, control, check, publishing, onPublish, onClose } = props;
  const { draft } = control.content;
  const broken = useBrokenTests(control);
  const errors = [...check.errors, ...broken];
  const blocked = errors.length > 0;
  return (
    <Stack>
      {blocked ? (
        <Alert color="red" icon={<CircleXIcon size={18} />} title="This must be mended first">
          <FindingsList control={control} findings={errors} onOpen={onClose} />
        </Alert>
      ) : null}
      {check.warnings.length > 0 ? (
        <Alert color="yellow" icon={<TriangleAlertIcon size={18} />} title="Worth a look">
          <FindingsList control={control} findings={check.warnings} onOpen={onClose} />
        </Alert>
      ) : null}
      {!blocked && check.warnings.length === 0 ? (
        <Alert color="green" icon={<CircleCheckIcon size={18} />} py="xs">
          The check found nothing to mend.
        </Alert>
      ) : null}
      {dialogue.published ? (
        <Changes kind={control.kind} id={dialogue.id} version={dialogue.published.version} draft={draft} />
      ) : (
        <Text size="sm">
          {control.kind.noun === "flow"
            ? "This is the first version. From then on it can be started by links, buttons and forms."
            : "This is the first version. From then on, visitors who fit the audience are shown it on its pages."}
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

/** The tests that fail, as what must be mended. */
function useBrokenTests(control: DraftControl): Finding[] {
  const tests = control.content.draft.tests ?? [];
  const played = useQuery({
    ...testsQuery(control.kind, control.id, control.draftVersion),
    enabled: tests.length > 0,
  }).data;
  if (tests.length === 0) return [];
  return (played ?? []).flatMap(({ name, failure }, index) =>
    failure === null
      ? []
      : [{ card_id: null, field: `tests/${index}`, message: `The test “${name}” fails: ${failure.message}` }],
  );
}

interface ChangesProps {
  kind: StreamKind;
  id: string;
  version: number;
  draft: Draft;
}

function Changes({ kind, id, version, draft }: ChangesProps) {
  const published = useQuery(versionQuery(kind, id, version));
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
  return (
    <li>
      <Group gap="xs" wrap="nowrap">
        <Badge color={CHANGE_COLORS[change.change]} flex="none">
          {change.change}
        </Badge>
        <Text size="sm" truncate dir="auto">
          {change.kind === undefined ? null : `${LOOKS[change.kind].label}: `}
          {change.name}
        </Text>
      </Group>
      {change.change === "removed"
        ? null
        : change.facts.map((fact) => <FactLine key={fact.label} fact={fact} />)}
    </li>
  );
}

/** A line about a card before and after, side by side. */
function FactLine({ fact }: { fact: FactChange }) {
  const { before, after } = fact;
  return (
    <div className={classes.fact}>
      <p className={classes.factLabel}>{fact.label}</p>
      {before === null && after === null ? null : (
        <div className={classes.sideBySide}>
          {before === null ? null : (
            <p dir="auto" data-alone={after === null || undefined}>
              <del>{before}</del>
            </p>
          )}
          {after === null ? null : (
            <p dir="auto" data-alone={before === null || undefined}>
              <ins>{after}</ins>
            </p>
          )}
        </div>
      )}
    </div>
  );
}
