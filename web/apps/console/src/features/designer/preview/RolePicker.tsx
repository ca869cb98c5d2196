import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { SearchHit } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { useMay } from "#lib/api/session.ts";
import type { Role } from "./use-preview.ts";

interface RolePickerProps {
  role: Role | null;
  onRole: (role: Role | null) => void;
}

const NOBODY = "";

/** Whom the author plays: nobody in particular, or somebody who is known. */
export function RolePicker({ role, onRole }: RolePickerProps) {
  const may = useMay("people.view");
  const [typed, setTyped] = useState("");
  const [asked] = useDebouncedValue(typed.trim(), 200);
  const found = useQuery({
    queryKey: ["search", "people", asked],
    queryFn: ({ signal }) => api.get<{ items: SearchHit[] }>("/search", { query: { q: asked }, signal }),
    enabled: may && asked.length > 1 && asked !== role?.name,
    placeholderData: keepPreviousData,
  });
  const people = (found.data?.items ?? [])
    .filter((hit) => hit.kind === "person" && hit.id !== role?.id)
    .map((hit) => ({ value: hit.id, label: hit.subtitle ? `${hit.title}, ${hit.subtitle}` : hit.title }));
  const data = [
    { value: NOBODY, label: "An anonymous visitor" },
    ...(role === null ? [] : [{ value: role.id, label: role.name }]),
    ...people,
  ];
  return (
    <Select
      flex={1}
      aria-label="Talk as"
      title="Talk as"
      data={data}
      value={role?.id ?? NOBODY}
      allowDeselect={false}
      searchable={may}
      filter={({ options }) => options}
      onSearchChange={setTyped}
      maxDropdownHeight={280}
      onChange={(id) => {
        if (id === null || id === NOBODY) onRole(null);
        else onRole({ id, name: data.find((one) => one.value === id)?.label ?? id });
      }}
    />
  );
}
