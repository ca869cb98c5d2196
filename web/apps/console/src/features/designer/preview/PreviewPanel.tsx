import { Alert, Badge, Button, Group, Text } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { RestartIcon } from "#lib/ui/icons.ts";
import { sentence } from "#lib/ui/notify.ts";
import { LinesSkeleton } from "#lib/ui/States.tsx";
import { useDesign } from "../design.ts";
import { KeepAsTest } from "./KeepAsTest.tsx";
import { Known } from "./Known.tsx";
import { PreviewLink } from "./PreviewLink.tsx";
import classes from "./preview.module.css";
import { Reply } from "./Reply.tsx";
import { RolePicker } from "./RolePicker.tsx";
import { Said } from "./Said.tsx";

/** Talks to the draft as it stands on the screen; the canvas shows where the conversation is. */
export function PreviewPanel() {
  const { preview, control } = useDesign();
  const { now, role, busy, error, begin } = preview;
  const started = useRef(now !== null);
  useEffect(() => {
    if (started.current) return;
    started.current = true;
    begin(null);
  }, [begin]);
  return (
    <div className={classes.preview}>
      <Group className={classes.bar} gap="xs" wrap="nowrap">
        <RolePicker role={role} onRole={begin} />
        <Button
          variant="subtle"
          color="gray"
          leftSection={<RestartIcon size={14} />}
          onClick={() => begin(role)}
          disabled={busy}
        >
          Start again
        </Button>
      </Group>
      <Latest of={now?.messages.length ?? 0}>
        {now === null ? null : <Said messages={now.messages} mayGoBack={control.content.draft.allow_back} />}
        {now === null && error === null ? <LinesSkeleton lines={3} /> : null}
        {now?.ended ? (
          <Text size="xs" c="dimmed" ta="center" mt="sm">
            The conversation ends here.
          </Text>
        ) : null}
      </Latest>
      {error === null ? null : (
        <Alert color="red" py="xs" mx="md" mb="xs" role="alert">
          {sentence(error)}
        </Alert>
      )}
      {now?.waiting ? (
        <div className={classes.reply}>
          <Reply key={`${now.waiting.card_id} ${now.messages.length}`} waiting={now.waiting} />
        </div>
      ) : null}
      <footer className={classes.foot}>
        {now !== null && now.goals.length > 0 ? (
          <Group gap={4} mb="xs">
            {[...new Set(now.goals)].map((goal) => (
              <Badge key={goal} color="green" title="Goal reached">
                {goal}
              </Badge>
            ))}
          </Group>
        ) : null}
        <Known attributes={now?.attributes ?? {}} />
        <Group gap="xs" mt="xs">
          <KeepAsTest />
          <PreviewLink />
        </Group>
        <Text size="xs" c="dimmed" mt="xs">
          Nothing of this is recorded.
        </Text>
      </footer>
    </div>
  );
}

/** Keeps the newest words in sight. */
function Latest({ of, children }: { of: number; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: for every new message
  useEffect(() => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [of]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must get there
    <section ref={box} className={classes.said} aria-label="Conversation" aria-live="polite" tabIndex={0}>
      {children}
    </section>
  );
}
