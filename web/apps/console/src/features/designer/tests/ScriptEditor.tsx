import { Button, Group, Select, Stack, TextInput } from "@mantine/core";
import type { Script, ScriptResult, ScriptStep } from "@usher/api";
import { useState } from "react";
import { TrashIcon } from "#lib/ui/icons.ts";
import { useActions } from "../design.ts";
import { movedTo, RowTools } from "../panel/RowTools.tsx";
import { PairsEditor } from "./PairsEditor.tsx";
import { StepFields } from "./StepFields.tsx";
import { STEP_CHOICES, STEPS, type StepKind } from "./steps.ts";
import classes from "./tests.module.css";

interface ScriptEditorProps {
  test: Script;
  result: ScriptResult | null;
  onChange: (test: Script, field?: string) => void;
  onRemove: () => void;
}

/** Who takes part, and what is done and expected, step by step. */
export function ScriptEditor({ test, result, onChange, onRemove }: ScriptEditorProps) {
  const { readOnly } = useActions();
  const { steps } = test;
  const setSteps = (next: ScriptStep[], field?: string) => onChange({ ...test, steps: next }, field);
  return (
    <fieldset className={classes.editor} disabled={readOnly}>
      <legend className={classes.hidden}>{test.name}</legend>
      <Stack gap="md">
        <TextInput
          label="Name"
          value={test.name}
          dir="auto"
          onChange={(event) => onChange({ ...test, name: event.currentTarget.value }, "name")}
        />
        <PairsEditor
          label="The visitor is known by"
          none="Nobody in particular"
          add="Add an attribute"
          nameLabel="Attribute"
          attributes
          value={test.visitor ?? {}}
          onChange={(visitor) => onChange({ ...test, visitor }, "visitor")}
        />
        <section aria-label="Steps">
          <h3 className={classes.label}>Steps</h3>
          <ol className={classes.steps}>
            {steps.map((step, index) => (
              <li
                // biome-ignore lint/suspicious/noArrayIndexKey: steps have no names
                key={index}
                className={classes.step}
                data-failed={result?.failure?.step === index || undefined}
              >
                <Group gap={4} wrap="nowrap">
                  <Select
                    flex={1}
                    size="xs"
                    aria-label={`Step ${index + 1}`}
                    data={STEP_CHOICES}
                    value={step.step}
                    allowDeselect={false}
                    maxDropdownHeight={320}
                    onChange={(kind) =>
                      kind &&
                      kind !== step.step &&
                      setSteps(steps.toSpliced(index, 1, STEPS[kind as StepKind].fresh))
                    }
                  />
                  <RowTools
                    of={`step ${index + 1}`}
                    index={index}
                    count={steps.length}
                    onMove={(to) => setSteps(movedTo(steps, index, to))}
                    onRemove={() => setSteps(steps.toSpliced(index, 1))}
                  />
                </Group>
                <StepFields
                  step={step}
                  onChange={(next) => setSteps(steps.toSpliced(index, 1, next), `step ${index}`)}
                />
              </li>
            ))}
          </ol>
          <AddStep onAdd={(kind) => setSteps([...steps, STEPS[kind].fresh])} />
        </section>
        {result === null || result.transcript.length === 0 ? null : <Transcript lines={result.transcript} />}
        <Group justify="flex-end">
          <Button
            variant="subtle"
            color="red"
            size="compact-sm"
            leftSection={<TrashIcon size={14} />}
            onClick={onRemove}
          >
            Delete the test
          </Button>
        </Group>
      </Stack>
    </fieldset>
  );
}

function AddStep({ onAdd }: { onAdd: (kind: StepKind) => void }) {
  const [value, setValue] = useState<string | null>(null);
  return (
    <Select
      size="xs"
      aria-label="Add a step"
      placeholder="Add a step…"
      data={STEP_CHOICES}
      value={value}
      maxDropdownHeight={320}
      onChange={(kind) => {
        if (kind !== null) onAdd(kind as StepKind);
        setValue(null);
      }}
    />
  );
}

function Transcript({ lines }: { lines: readonly string[] }) {
  return (
    <details className={classes.transcript}>
      <summary>What was said</summary>
      <ol>
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a finished conversation
          <li key={index} dir="auto">
            {line}
          </li>
        ))}
      </ol>
    </details>
  );
}
