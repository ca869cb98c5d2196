import { Checkbox, Group, Select, Stack, Textarea, TextInput } from "@mantine/core";
import type { Field, FieldType } from "@usher/api";
import { FIELD_LABELS, withType } from "@usher/stream";
import { type CardFindings, errorAt } from "../draft/findings.ts";
import { AttributeSelect, FITTING } from "./AttributeSelect.tsx";
import { withOptional } from "./kind-editors.ts";
import { OverwriteControl } from "./OverwriteControl.tsx";
import classes from "./panel.module.css";
import { RowTools } from "./RowTools.tsx";

const TYPES = Object.entries(FIELD_LABELS).map(([value, label]) => ({ value, label }));

interface FieldEditorProps {
  field: Field;
  index: number;
  count: number;
  findings: CardFindings;
  onChange: (field: Field, part?: string) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}

/** One field of a form card. */
export function FieldEditor(props: FieldEditorProps) {
  const { field, index, findings, onChange } = props;
  const at = `fields/${index}`;
  return (
    <li className={classes.field}>
      <Stack gap="sm">
        <Group gap="xs" wrap="nowrap">
          <span className={classes.label}>Field {index + 1}</span>
          <RowTools
            of={`field ${index + 1}`}
            index={index}
            count={props.count}
            least={1}
            onMove={props.onMove}
            onRemove={props.onRemove}
          />
        </Group>
        <Group gap="xs" align="flex-start" wrap="nowrap">
          <Select
            label="Type"
            w={128}
            flex="none"
            data={TYPES}
            value={field.type}
            allowDeselect={false}
            onChange={(type) => type && onChange(withType(field, type as FieldType))}
          />
          <TextInput
            label="Label"
            flex={1}
            miw={0}
            dir="auto"
            value={field.label}
            error={errorAt(findings, `${at}/label`)}
            onChange={(event) => onChange({ ...field, label: event.currentTarget.value }, "label")}
          />
        </Group>
        {field.type === "picklist" ? (
          <Textarea
            label="Options"
            description="One a line"
            autosize
            minRows={2}
            maxRows={12}
            dir="auto"
            value={(field.options ?? []).join("\n")}
            error={errorAt(findings, `${at}/options`)}
            onChange={(event) =>
              onChange({ ...field, options: event.currentTarget.value.split("\n") }, "options")
            }
            onBlur={() => {
              const written = (field.options ?? []).map((one) => one.trim()).filter((one) => one !== "");
              if (written.join("\n") !== (field.options ?? []).join("\n"))
                onChange({ ...field, options: written }, "options");
            }}
          />
        ) : null}
        <AttributeSelect
          value={field.attribute ?? (field.type === "email" ? "person.email" : undefined)}
          types={FITTING[field.type]}
          error={errorAt(findings, `${at}/attribute`)}
          onChange={(attribute) => onChange(withOptional(field, "attribute", attribute))}
        />
        {field.type === "consent" ? null : (
          <TextInput
            label="Placeholder"
            dir="auto"
            value={field.placeholder ?? ""}
            error={errorAt(findings, `${at}/placeholder`)}
            onChange={(event) =>
              onChange(
                withOptional(field, "placeholder", event.currentTarget.value || undefined),
                "placeholder",
              )
            }
          />
        )}
        <TextInput
          label="Message when it is refused"
          placeholder="Usher's own words, in the visitor's language"
          dir="auto"
          value={field.validation_message ?? ""}
          error={errorAt(findings, `${at}/validation_message`)}
          onChange={(event) =>
            onChange(
              withOptional(field, "validation_message", event.currentTarget.value || undefined),
              "message",
            )
          }
        />
        <Stack gap={8}>
          {field.type === "email" ? <Refused field={field} onChange={onChange} /> : null}
          {field.attribute === undefined && field.type !== "email" ? null : (
            <OverwriteControl
              value={field.overwrite}
              onChange={(overwrite) => onChange({ ...field, overwrite })}
            />
          )}
        </Stack>
      </Stack>
    </li>
  );
}

function Refused({ field, onChange }: { field: Field; onChange: (field: Field) => void }) {
  const refuse = field.refuse ?? [];
  const toggle = (kind: "free" | "disposable") =>
    onChange({
      ...field,
      refuse: refuse.includes(kind) ? refuse.filter((one) => one !== kind) : [...refuse, kind],
    });
  return (
    <>
      <Checkbox
        size="xs"
        label="Refuse free mail addresses (gmail.com …)"
        checked={refuse.includes("free")}
        onChange={() => toggle("free")}
      />
      <Checkbox
        size="xs"
        label="Refuse throw-away addresses"
        checked={refuse.includes("disposable")}
        onChange={() => toggle("disposable")}
      />
    </>
  );
}
