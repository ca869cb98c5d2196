import { ActionIcon, Button, CloseButton, Group, Progress, Text } from "@mantine/core";
import { bytes } from "#lib/ui/format.ts";
import { CircleCheckIcon, CircleXIcon, FileTextIcon, RefreshCwIcon } from "#lib/ui/icons.ts";
import { TextLink } from "#lib/ui/Links.tsx";
import { OwnText } from "#lib/ui/Shown.tsx";
import classes from "./documents.module.css";
import type { Upload } from "./uploads.ts";
import type { Uploads } from "./use-uploads.ts";

/** What became of the files that were chosen or dropped; nothing when there are none. */
export function UploadList({ uploads }: { uploads: Uploads }) {
  if (uploads.all.length === 0) return null;
  const left = uploads.all.filter((one) => one.state !== "done" && one.state !== "failed").length;
  return (
    <section className={classes.uploads} aria-label="Uploads">
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={500} role="status">
          {left > 0 ? `Uploading, ${left} to go` : "Uploads are finished"}
        </Text>
        {left === 0 ? (
          <Button size="compact-xs" variant="subtle" color="gray" onClick={uploads.clear}>
            Clear
          </Button>
        ) : null}
      </Group>
      <ul className={classes.uploadRows}>
        {uploads.all.map((one) => (
          <Row key={one.key} one={one} uploads={uploads} />
        ))}
      </ul>
    </section>
  );
}

function Row({ one, uploads }: { one: Upload; uploads: Uploads }) {
  return (
    <li className={classes.uploadRow} data-state={one.state}>
      <StateIcon state={one.state} />
      <div className={classes.uploadText}>
        <Text size="sm" truncate>
          {one.document ? (
            <TextLink to="/documents/$id" params={{ id: one.document }} inherit>
              <OwnText>{one.file.name}</OwnText>
            </TextLink>
          ) : (
            <OwnText>{one.file.name}</OwnText>
          )}
        </Text>
        {one.state === "sending" || one.state === "reading" ? (
          <Progress
            size="xs"
            value={one.sent * 100}
            animated={one.state === "reading"}
            aria-label={`Share of ${one.file.name} that is sent`}
          />
        ) : null}
        <Text size="xs" c={one.state === "failed" ? "var(--mantine-color-error)" : "dimmed"}>
          {wordsOf(one)}
        </Text>
      </div>
      {one.state === "failed" && one.mayTryAgain ? (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Try ${one.file.name} again`}
          onClick={() => uploads.again(one.key)}
        >
          <RefreshCwIcon size={16} />
        </ActionIcon>
      ) : null}
      {one.state === "done" ? null : (
        <CloseButton
          size="sm"
          aria-label={one.state === "failed" ? `Dismiss ${one.file.name}` : `Cancel ${one.file.name}`}
          onClick={() => uploads.remove(one.key)}
        />
      )}
    </li>
  );
}

function StateIcon({ state }: { state: Upload["state"] }) {
  const Icon = state === "done" ? CircleCheckIcon : state === "failed" ? CircleXIcon : FileTextIcon;
  return <Icon size={16} aria-hidden="true" className={classes.uploadIcon} />;
}

function wordsOf(one: Upload): string {
  const size = bytes(one.file.size);
  switch (one.state) {
    case "waiting":
      return `${size}, waits`;
    case "sending":
      return `${Math.floor(one.sent * 100)} % of ${size}`;
    case "reading":
      return `${size} sent; counting its pages`;
    case "done":
      return `${size}, in the library`;
    case "failed":
      return one.problem ?? "It was not taken.";
  }
}
