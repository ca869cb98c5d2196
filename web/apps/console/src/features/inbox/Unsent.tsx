import { Button, Group, Progress, Text } from "@mantine/core";
import type { Outgoing, Sender } from "#lib/live/sender.ts";
import classes from "./inbox.module.css";

/** Words of one's own that are not at the server yet, or that it does not take. */
export function Unsent({ message, sender }: { message: Outgoing; sender: Sender }) {
  const { client_id: id, refused, kind, text, share } = message;
  return (
    <li className={classes.said} data-from="agent" data-note={kind === "note" || undefined} data-unsent>
      <div className={classes.bubble} dir="auto">
        {text}
        {share !== undefined && refused === undefined ? (
          <Progress value={share * 100} size="sm" mt={6} aria-label={`Sending ${text}`} />
        ) : null}
      </div>
      {refused ? (
        <Group gap="xs" role="alert">
          <Text size="xs" c="red">
            Not sent: {refused}
          </Text>
          <Button size="compact-xs" variant="default" onClick={() => sender.again(id)}>
            Try again
          </Button>
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => sender.discard(id)}>
            Discard
          </Button>
        </Group>
      ) : (
        <span className={classes.edited}>Sending</span>
      )}
    </li>
  );
}
