import { NumberInput, Select, TextInput } from "@mantine/core";
import { DatePickerInput, DateTimePicker } from "@mantine/dates";
import type { AttributeDef, Value } from "@usher/api";
import type { ReactNode } from "react";

interface ValueInputProps {
  attribute: Pick<AttributeDef, "label" | "type">;
  value: Value;
  onChange: (value: Value) => void;
  error?: ReactNode;
  description?: string;
  /** No visible label: the row has one. */
  bare?: boolean;
  autoFocus?: boolean;
}

/** The input that fits an attribute's type. Null is unknown. */
export function ValueInput({
  attribute,
  value,
  onChange,
  error,
  description,
  bare,
  autoFocus,
}: ValueInputProps) {
  const shared = {
    label: bare ? undefined : attribute.label,
    "aria-label": bare ? attribute.label : undefined,
    description,
    error,
    size: bare ? ("xs" as const) : ("sm" as const),
    autoFocus,
    "data-autofocus": autoFocus,
  };
  const text = typeof value === "string" ? value : null;
  switch (attribute.type) {
    case "number":
    case "score":
    case "currency":
      return (
        <NumberInput
          {...shared}
          hideControls
          value={typeof value === "number" || typeof value === "string" ? value : ""}
          onChange={(next) => onChange(next === "" ? null : next)}
        />
      );
    case "boolean":
      return (
        <Select
          {...shared}
          data={[
            { value: "true", label: "Yes" },
            { value: "false", label: "No" },
          ]}
          value={typeof value === "boolean" ? String(value) : null}
          onChange={(next) => onChange(next === null ? null : next === "true")}
          placeholder="Unknown"
          clearable
        />
      );
    case "date":
      return <DatePickerInput {...shared} value={text} onChange={onChange} clearable placeholder="Unknown" />;
    case "datetime":
      return (
        <DateTimePicker
          {...shared}
          value={text === null ? null : new Date(text)}
          onChange={(local) => onChange(local === null ? null : new Date(local).toISOString())}
          clearable
          placeholder="Unknown"
        />
      );
    default:
      return (
        <TextInput
          {...shared}
          type={attribute.type === "text" ? "text" : attribute.type}
          dir="auto"
          autoComplete="off"
          value={text ?? ""}
          onChange={(event) => onChange(event.currentTarget.value === "" ? null : event.currentTarget.value)}
        />
      );
  }
}
