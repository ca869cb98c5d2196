import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { AttributeType, FieldType } from "@usher/api";
import { attributesQuery } from "#lib/api/shared.ts";

const TEXT: AttributeType[] = ["text"];
const NUMBERS: AttributeType[] = ["number", "score", "currency"];

/** Which types of attributes can hold what a field takes. */
export const FITTING: Record<FieldType, AttributeType[]> = {
  text: TEXT,
  long_text: TEXT,
  phone: TEXT,
  picklist: TEXT,
  email: ["email", "text"],
  url: ["url", "text"],
  number: NUMBERS,
  date: ["date"],
  consent: ["boolean"],
};

interface AttributeSelectProps {
  label?: string;
  placeholder?: string;
  description?: string;
  value: string | undefined;
  /** Types that can hold the answer; absent: any. */
  types?: AttributeType[];
  error?: string;
  onChange: (attribute: string | undefined) => void;
}

/** The attribute of the person or company in which an answer is kept. */
export function AttributeSelect(props: AttributeSelectProps) {
  const { value, types, error, onChange } = props;
  const attributes = useQuery(attributesQuery).data ?? [];
  const usable = attributes.filter(
    (one) => one.editable && (types === undefined || types.includes(one.type)),
  );
  const items = (of: "person" | "company") =>
    usable.filter((one) => one.of === of).map((one) => ({ value: `${of}.${one.name}`, label: one.label }));
  const data = [
    { group: "Person", items: items("person") },
    { group: "Company", items: items("company") },
  ].filter((group) => group.items.length > 0);
  const missing =
    value !== undefined && !data.some((group) => group.items.some((one) => one.value === value));
  return (
    <Select
      label={props.label ?? "Keep it in"}
      placeholder={props.placeholder ?? "Only in the transcript"}
      description={props.description}
      searchable
      clearable
      data={missing ? [...data, { group: "Other", items: [{ value, label: value }] }] : data}
      value={value ?? null}
      error={error}
      nothingFoundMessage="No attribute fits"
      maxDropdownHeight={280}
      onChange={(attribute) => onChange(attribute ?? undefined)}
    />
  );
}
