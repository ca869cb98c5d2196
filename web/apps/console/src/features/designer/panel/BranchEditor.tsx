import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import type { BranchCard, BranchCase } from "@usher/api";
import { freshCase, MAX_CASES } from "@usher/stream";
import { CriteriaBuilder } from "#lib/ui/criteria/CriteriaBuilder.tsx";
import { PlusIcon } from "#lib/ui/icons.ts";
import { useActions } from "../design.ts";
import { type CardFindings, errorAt, warningAt } from "../draft/findings.ts";
import type { KindEditorProps } from "./kind-editors.ts";
import { NextSelect } from "./NextSelect.tsx";
import classes from "./panel.module.css";
import { movedTo, RowTools } from "./RowTools.tsx";

/** Ordered cases; the first that holds is taken. */
export function BranchEditor({ card, findings, onChange }: KindEditorProps<BranchCard>) {
  const { cases } = card;
  const set = (next: BranchCase[], field?: string) => onChange({ ...card, cases: next }, field);
  return (
    <>
      <Text size="sm" c="dimmed">
        The first case that holds is taken. Visitors see nothing of this card.
      </Text>
      <section aria-label="Cases">
        <ol className={classes.fields}>
          {cases.map((one, index) => (
            <Case
              key={one.id}
              value={one}
              index={index}
              count={cases.length}
              self={card.id}
              findings={findings}
              onChange={(next, part) => set(cases.with(index, next), part && `${one.id} ${part}`)}
              onMove={(to) => set(movedTo(cases, index, to))}
              onRemove={() => set(cases.toSpliced(index, 1))}
            />
          ))}
        </ol>
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<PlusIcon size={14} />}
          disabled={cases.length >= MAX_CASES}
          onClick={() => set([...cases, freshCase(cases, null)])}
        >
          Case
        </Button>
      </section>
      <NextSelect
        label="Otherwise"
        value={card.otherwise}
        self={card.id}
        error={errorAt(findings, "otherwise")}
        warning={warningAt(findings, "otherwise")}
        onChange={(otherwise) => onChange({ ...card, otherwise })}
      />
    </>
  );
}

interface CaseProps {
  value: BranchCase;
  index: number;
  count: number;
  self: string;
  findings: CardFindings;
  onChange: (value: BranchCase, part?: string) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}

function Case({ value, index, count, self, findings, onChange, onMove, onRemove }: CaseProps) {
  const { readOnly } = useActions();
  const at = `cases/${index}`;
  const wrong = errorAt(findings, `${at}/criteria`);
  return (
    <li className={classes.field}>
      <Stack gap="sm">
        <Group gap="xs" wrap="nowrap">
          <TextInput
            flex={1}
            aria-label={`Name of case ${index + 1}`}
            placeholder="Name of the case"
            dir="auto"
            value={value.name}
            error={errorAt(findings, `${at}/name`)}
            onChange={(event) => onChange({ ...value, name: event.currentTarget.value }, "name")}
          />
          <RowTools
            of={`case ${index + 1}`}
            index={index}
            count={count}
            least={1}
            onMove={onMove}
            onRemove={onRemove}
          />
        </Group>
        <CriteriaBuilder
          value={value.criteria}
          of={["person", "company", "visit", "inferred"]}
          emptyText="No condition yet"
          readOnly={readOnly}
          onChange={(criteria) => onChange({ ...value, criteria }, "criteria")}
        />
        {wrong ? (
          <Text size="xs" c="var(--mantine-color-error)">
            {wrong}
          </Text>
        ) : null}
        <NextSelect
          label="Leads to"
          value={value.next}
          self={self}
          error={errorAt(findings, `${at}/next`)}
          warning={warningAt(findings, `${at}/next`)}
          onChange={(next) => onChange({ ...value, next })}
        />
      </Stack>
    </li>
  );
}
