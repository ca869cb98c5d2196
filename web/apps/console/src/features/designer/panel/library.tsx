/** Choices of what a card refers to outside of its dialogue. */
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { DialogueSummary, LibraryDocument } from "@usher/api";
import { everyPage } from "#lib/api/shared.ts";
import { useDesign } from "../design.ts";
import { recordQuery } from "../queries.ts";

interface LibrarySelectProps {
  value: string | null;
  error?: string;
  onChange: (id: string | null) => void;
}

/** A document of the library. */
export function DocumentSelect(props: LibrarySelectProps) {
  const documents = useQuery({
    queryKey: ["documents", "names"],
    queryFn: () => everyPage<LibraryDocument>("/documents"),
  }).data;
  const choices = (documents ?? []).map((one) => ({ value: one.id, label: one.name }));
  return (
    <Choice label="Document" none="There is no document in the library yet" choices={choices} {...props} />
  );
}

/** A published flow of the same site, other than the one that is edited. */
export function FlowSelect(props: LibrarySelectProps) {
  const { control } = useDesign();
  const site = useQuery(recordQuery(control.kind, control.id)).data?.site_id;
  const flows = useQuery({
    queryKey: ["flows", "names"],
    queryFn: () => everyPage<DialogueSummary>("/flows"),
  }).data;
  const choices = (flows ?? [])
    .filter((one) => one.state === "published" && one.site_id === site && one.id !== control.id)
    .map((one) => ({ value: one.id, label: one.name }));
  return (
    <Choice label="Flow" none="There is no published flow on this site yet" choices={choices} {...props} />
  );
}

interface ChoiceProps extends LibrarySelectProps {
  label: string;
  none: string;
  choices: { value: string; label: string }[];
}

/** What is chosen and is not there can be taken away. */
function Choice({ label, none, choices, value, error, onChange }: ChoiceProps) {
  const missing = value !== null && !choices.some((one) => one.value === value);
  const data = missing ? [...choices, { value, label: "Not on this instance" }] : choices;
  return (
    <Select
      label={label}
      placeholder={data.length === 0 ? none : "Choose one"}
      data={data}
      value={value}
      disabled={data.length === 0}
      searchable={data.length > 8}
      clearable
      error={error}
      onChange={onChange}
    />
  );
}
