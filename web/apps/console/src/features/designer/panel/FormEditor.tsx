import { Button, Menu, Stack, Switch } from "@mantine/core";
import type { Field, FieldType, InfoCaptureCard } from "@usher/api";
import { FIELD_LABELS, freshField, MAX_FIELDS } from "@usher/stream";
import { PlusIcon } from "#lib/ui/icons.ts";
import { errorAt, warningAt } from "../draft/findings.ts";
import { CardText } from "./CardText.tsx";
import { FieldEditor } from "./FieldEditor.tsx";
import type { KindEditorProps } from "./kind-editors.ts";
import { NextSelect } from "./NextSelect.tsx";
import classes from "./panel.module.css";
import { movedTo } from "./RowTools.tsx";

const TYPES = Object.entries(FIELD_LABELS) as [FieldType, string][];

/** A form inside the conversation: one to ten fields. */
export function FormEditor({ card, findings, onChange }: KindEditorProps<InfoCaptureCard>) {
  const { fields } = card;
  const setFields = (next: Field[], field?: string) => onChange({ ...card, fields: next }, field);
  return (
    <>
      <CardText
        label="Asks"
        value={card.text}
        error={errorAt(findings, "text")}
        onChange={(text) => onChange({ ...card, text }, "text")}
      />
      <section aria-label="Fields">
        <h3 className={classes.label}>Fields</h3>
        <ul className={classes.fields}>
          {fields.map((field, index) => (
            <FieldEditor
              key={field.id}
              field={field}
              index={index}
              count={fields.length}
              findings={findings}
              onChange={(next, part) => setFields(fields.with(index, next), part && `${field.id} ${part}`)}
              onMove={(to) => setFields(movedTo(fields, index, to))}
              onRemove={() => setFields(fields.toSpliced(index, 1))}
            />
          ))}
        </ul>
        <Menu position="bottom-start">
          <Menu.Target>
            <Button
              variant="subtle"
              size="compact-xs"
              leftSection={<PlusIcon size={14} />}
              disabled={fields.length >= MAX_FIELDS}
            >
              Field
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {TYPES.map(([type, label]) => (
              <Menu.Item key={type} onClick={() => setFields([...fields, freshField(fields, type)])}>
                {label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </section>
      <Stack gap="xs">
        <Switch
          label="Required"
          description="Otherwise the visitor may skip it, or leave fields empty"
          checked={card.required}
          onChange={(event) => onChange({ ...card, required: event.currentTarget.checked })}
        />
        <Switch
          label="Skip when everything is known"
          description="Nobody is asked twice for what is already stored"
          checked={card.skip_if_known}
          onChange={(event) => onChange({ ...card, skip_if_known: event.currentTarget.checked })}
        />
      </Stack>
      <NextSelect
        label="Then"
        value={card.next}
        self={card.id}
        error={errorAt(findings, "next")}
        warning={warningAt(findings, "next")}
        onChange={(next) => onChange({ ...card, next })}
      />
    </>
  );
}
