import { Drawer } from "@mantine/core";
import type { AuditEntry } from "@usher/api";
import { dateTime } from "#lib/ui/format.ts";
import { ButtonLink } from "#lib/ui/Links.tsx";
import { Fact, OwnText } from "#lib/ui/Shown.tsx";
import { actionWords, detailLines, objectLink, VIA_WORDS } from "./actions.ts";
import classes from "./audit.module.css";

/** Everything that one entry says. */
export function AuditDetails({ entry, onClose }: { entry: AuditEntry | null; onClose: () => void }) {
  const link = entry && objectLink(entry.object_kind, entry.object_id, entry.action);
  return (
    <Drawer
      opened={entry !== null}
      onClose={onClose}
      position="right"
      title={entry ? actionWords(entry.action) : ""}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {entry ? (
        <>
          <dl className={classes.facts}>
            <Fact label="When">{dateTime(entry.at)}</Fact>
            <Fact label="Who">
              <OwnText>{entry.user?.name}</OwnText>
            </Fact>
            <Fact label="By way of">{VIA_WORDS[entry.via] ?? entry.via}</Fact>
            <Fact label="IP address">
              <OwnText>{entry.ip}</OwnText>
            </Fact>
            <Fact label={actionWords(entry.object_kind)}>
              <OwnText>{entry.object_name ?? entry.object_id}</OwnText>
            </Fact>
            {detailLines(entry.details).map((line) => (
              <Fact key={line.label} label={line.label}>
                <OwnText>{line.value}</OwnText>
              </Fact>
            ))}
          </dl>
          {link ? (
            <ButtonLink to={link} variant="default" mt="lg">
              Open the {entry.object_kind}
            </ButtonLink>
          ) : null}
        </>
      ) : null}
    </Drawer>
  );
}
