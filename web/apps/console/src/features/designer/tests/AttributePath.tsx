import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { attributesQuery } from "#lib/api/shared.ts";

interface AttributePathProps {
  value: string;
  label?: string;
  onChange: (path: string) => void;
}

/** Any attribute, by its path. */
export function AttributePath({ value, label = "Attribute", onChange }: AttributePathProps) {
  const attributes = useQuery(attributesQuery).data ?? [];
  const data = attributes.map((one) => ({
    value: `${one.of}.${one.name}`,
    label: one.of === "person" ? one.label : `${one.label} (${one.of})`,
  }));
  const missing = value !== "" && !data.some((one) => one.value === value);
  return (
    <Select
      size="xs"
      aria-label={label}
      placeholder={label}
      data={missing ? [...data, { value, label: value }] : data}
      searchable
      value={value === "" ? null : value}
      nothingFoundMessage="No attribute fits"
      maxDropdownHeight={280}
      onChange={(path) => onChange(path ?? "")}
    />
  );
}
