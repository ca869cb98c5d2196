import { ActionIcon, Checkbox, Group, Select, Stack, Textarea, TextInput } from "@mantine/core";
import type { Field, FieldType } from "@usher/api";
import { FIELD_LABELS, withType } from "@usher/stream";
import { ArrowDownIcon, ArrowUpIcon, TrashIcon } from "#lib/ui/icons.ts";
import { AttributeSelect, FITTING } from "./AttributeSelect.tsx";
import classes from "./cards.module.css";
import { type CardFindings, errorAt } from "./findings.ts";
import { OverwriteControl } from "./OverwriteControl.tsx";

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
        <Group gap="xs" align="flex-end" wrap="nowrap">
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
          <Group gap={0} wrap="nowrap" pb={4}>
            <Tool
              label="Move up"
              icon={ArrowUpIcon}
              disabled={index === 0}
              run={() => props.onMove(index - 1)}
            />
            <Tool
              label="Move down"
              icon={ArrowDownIcon}
              disabled={index === props.count - 1}
              run={() => props.onMove(index + 1)}
            />
            <Tool label="Delete" icon={TrashIcon} disabled={props.count <= 1} run={props.onRemove} />
          </Group>
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
          onChange={(attribute) => onChange(optional(field, "attribute", attribute))}
        />
        {field.type === "consent" ? null : (
          <TextInput
            label="Placeholder"
            dir="auto"
            value={field.placeholder ?? ""}
            error={errorAt(findings, `${at}/placeholder`)}
            onChange={(event) =>
              onChange(optional(field, "placeholder", event.currentTarget.value || undefined), "placeholder")
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
            onChange(optional(field, "validation_message", event.currentTarget.value || undefined), "message")
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

/** The field with a member set, or without it. */
function optional<K extends "attribute" | "placeholder" | "validation_message">(
  field: Field,
  key: K,
  value: string | undefined,
): Field {
  const { [key]: _, ...rest } = field;
  return value === undefined ? (rest as Field) : { ...field, [key]: value };
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

interface ToolProps {
  label: string;
  icon: typeof TrashIcon;
  disabled: boolean;
  run: () => void;
}

function Tool({ label, icon: Icon, disabled, run }: ToolProps) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={run}
    >
      <Icon size={14} />
    </ActionIcon>
  );
}
