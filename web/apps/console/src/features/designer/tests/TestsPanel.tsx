import { Alert, Button, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Script, ScriptResult } from "@usher/api";
import { useState } from "react";
import { ListChecksIcon, PlayIcon, PlusIcon } from "#lib/ui/icons.ts";
import { sentence } from "#lib/ui/notify.ts";
import { Empty } from "#lib/ui/States.tsx";
import { useActions, useDesign } from "../design.ts";
import { testsQuery } from "../queries.ts";
import { ScriptEditor } from "./ScriptEditor.tsx";
import { freshName, withTest } from "./steps.ts";
import { TestSummary } from "./TestSummary.tsx";
import classes from "./tests.module.css";

/** The scripted conversations of the draft: played after every save, and before publishing. */
export function TestsPanel() {
  const { readOnly } = useActions();
  const { control } = useDesign();
  const tests = control.content.draft.tests ?? [];
  const played = useQuery({
    ...testsQuery(control.kind, control.id, control.draftVersion),
    enabled: tests.length > 0,
  });
  const [open, setOpen] = useState<number | null>(null);
  const change = (next: Script[], group?: string) => control.changeDraft({ tests: next }, group);
  const add = () => {
    change([...tests, { name: freshName(tests), steps: [] }]);
    setOpen(tests.length);
  };
  // Results are of the saved draft: while it is being saved, they may be of tests in another order.
  const results = control.save.kind === "saved" ? played.data : undefined;
  return (
    <div className={classes.tests}>
      {tests.length === 0 ? (
        <Empty icon={ListChecksIcon} title="No test yet">
          A test plays a conversation after every save, and keeps a draft that breaks it from being published.
          Talk to the draft in the preview and keep what you did, or write the steps.
        </Empty>
      ) : null}
      {played.error ? (
        <Alert color="red" py="xs">
          The tests were not played: {sentence(played.error)}
        </Alert>
      ) : null}
      <ul className={classes.list}>
        {tests.map((test, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: names may be alike while they are written
          <li key={index} className={classes.test}>
            <TestSummary
              test={test}
              result={resultOf(results, index)}
              opened={open === index}
              onToggle={() => setOpen(open === index ? null : index)}
            />
            {open === index ? (
              <ScriptEditor
                test={test}
                result={resultOf(results, index)}
                onChange={(next, field) =>
                  change(withTest(tests, index, next), field && `test ${index} ${field}`)
                }
                onRemove={() => {
                  change(withTest(tests, index, null));
                  setOpen(null);
                }}
              />
            ) : null}
          </li>
        ))}
      </ul>
      <Group
        gap="xs"
        p="md"
        pt={tests.length === 0 ? 0 : "md"}
        justify={tests.length === 0 ? "center" : undefined}
      >
        {readOnly ? null : (
          <Button variant="default" leftSection={<PlusIcon size={14} />} onClick={add}>
            Write a test
          </Button>
        )}
        {tests.length > 0 ? (
          <Button
            variant="subtle"
            color="gray"
            leftSection={<PlayIcon size={14} />}
            loading={played.isFetching}
            onClick={() => void control.flush().then(() => played.refetch())}
          >
            Play again
          </Button>
        ) : null}
      </Group>
      {tests.length > 0 ? (
        <Text size="xs" c="dimmed" px="md">
          Nothing of a test is recorded.
        </Text>
      ) : null}
    </div>
  );
}

const resultOf = (results: readonly ScriptResult[] | undefined, index: number) => results?.[index] ?? null;
