import { Button, Checkbox, Group, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { type AnswerInput, ApiProblem, type FieldType, type OfferedField } from "@usher/api";
import { useState } from "react";
import { useDesign } from "../design.ts";

interface ReplyFormProps {
  fields: OfferedField[];
  skippable: boolean;
  answer: (input: AnswerInput) => void;
}

type Values = Record<string, string | boolean>;

/** A form as the widget shows it, filled in by the author. */
export function ReplyForm({ fields, skippable, answer }: ReplyFormProps) {
  const [values, setValues] = useState<Values>(() =>
    Object.fromEntries(fields.map((one) => [one.id, one.value ?? (one.type === "consent" ? false : "")])),
  );
  const { error } = useDesign().preview;
  const refused = error instanceof ApiProblem ? error.errors : [];
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        answer({ kind: "values", values });
      }}
    >
      <Stack gap="xs">
        {fields.map((field) => (
          <Entry
            key={field.id}
            field={field}
            value={values[field.id] ?? ""}
            error={refused.find((one) => one.field.split("/").at(-1) === field.id)?.reason}
            onChange={(value) => setValues({ ...values, [field.id]: value })}
          />
        ))}
        <Group gap="xs">
          <Button type="submit">Send</Button>
          {skippable ? (
            <Button variant="default" onClick={() => answer({ kind: "skip" })}>
              Skip
            </Button>
          ) : null}
        </Group>
      </Stack>
    </form>
  );
}

interface EntryProps {
  field: OfferedField;
  value: string | boolean;
  error?: string;
  onChange: (value: string | boolean) => void;
}

const INPUT_TYPES: Partial<Record<FieldType, string>> = {
  email: "email",
  phone: "tel",
  url: "url",
  date: "date",
};

function Entry({ field, value, error, onChange }: EntryProps) {
  const label = field.label || field.type;
  if (field.type === "consent") {
    return (
      <Checkbox
        label={label}
        checked={value === true}
        error={error}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  }
  const text = String(value);
  if (field.type === "picklist") {
    return (
      <Select
        label={label}
        data={[...new Set(field.options ?? [])]}
        value={text || null}
        error={error}
        onChange={(chosen) => onChange(chosen ?? "")}
      />
    );
  }
  const shared = {
    label,
    placeholder: field.placeholder,
    value: text,
    error,
    dir: "auto",
    autoComplete: "off",
  };
  if (field.type === "long_text") {
    return (
      <Textarea {...shared} autosize minRows={2} onChange={(event) => onChange(event.currentTarget.value)} />
    );
  }
  return (
    <TextInput
      {...shared}
      type={INPUT_TYPES[field.type] ?? "text"}
      inputMode={field.type === "number" ? "decimal" : undefined}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
