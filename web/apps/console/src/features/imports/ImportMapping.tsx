import { Alert, Button, Group, Radio, Select, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiProblem, type AttributeDef, type Import, type ImportMode } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { attributesQuery, listsQuery } from "#lib/api/shared.ts";
import { TriangleAlertIcon } from "#lib/ui/icons.ts";
import { notifyProblem } from "#lib/ui/notify.ts";
import { doubled, MODES } from "./import-words.ts";
import classes from "./imports.module.css";
import { importQuery } from "./queries.ts";

type Mapping = Record<string, string | null>;

/** What each column means, what to do with known people, and the start. */
export function ImportMapping({ one }: { one: Import }) {
  const queries = useQueryClient();
  const lists = useQuery(listsQuery).data ?? [];
  const [mapping, setMapping] = useState<Mapping>(() =>
    Object.fromEntries(one.columns.map((column) => [column.header, column.attribute])),
  );
  const [mode, setMode] = useState<ImportMode>(one.mode ?? "upsert");
  const [list, setList] = useState<string | null>(one.list_id);
  const twice = doubled(mapping);
  const used = Object.values(mapping).filter((attribute) => attribute !== null);
  const withEmail = used.some((attribute) => attribute === "person.email" || attribute === "email");
  const start = useMutation({
    mutationFn: () => api.post(`/imports/${one.id}/start`, { mode, mapping, list_id: list ?? undefined }),
    onSuccess: () => queries.invalidateQueries({ queryKey: importQuery(one.id).queryKey }),
    onError: (error) => notifyProblem("The import was not started", error),
  });
  return (
    <>
      <section>
        <Title order={2} mb={4}>
          What the columns mean
        </Title>
        <Text size="sm" c="dimmed" mb="xs">
          Proposed by name and by what is in them. A column left out is not stored.
        </Text>
        <MappingTable one={one} mapping={mapping} twice={twice} refusal={start.error} onChange={setMapping} />
      </section>
      <Radio.Group label="What to do" value={mode} onChange={(value) => setMode(value as ImportMode)}>
        <Stack gap="xs" mt={4}>
          {(Object.keys(MODES) as ImportMode[]).map((key) => (
            <Radio key={key} size="xs" value={key} label={MODES[key].label} description={MODES[key].hint} />
          ))}
        </Stack>
      </Radio.Group>
      <Select
        label="Put them on a list"
        description="Optional"
        placeholder="No list"
        maw={320}
        data={lists.map((item) => ({ value: item.id, label: item.name }))}
        value={list}
        onChange={setList}
        clearable
        searchable
      />
      {withEmail ? null : (
        <Alert color="yellow" icon={<TriangleAlertIcon size={18} />}>
          No column is the e-mail address. People are recognised by it, so that one column must be it.
        </Alert>
      )}
      <Group>
        <Button
          size="sm"
          loading={start.isPending}
          disabled={!withEmail || twice.size > 0}
          onClick={() => start.mutate()}
        >
          Start the import
        </Button>
        <Text size="sm" c="dimmed">
          {twice.size > 0
            ? "Two columns mean the same attribute; leave one out."
            : "It can be cancelled and resumed."}
        </Text>
      </Group>
    </>
  );
}

interface MappingTableProps {
  one: Import;
  mapping: Mapping;
  twice: ReadonlySet<string>;
  /** What the server said about the last start. */
  refusal: Error | null;
  onChange: (mapping: Mapping) => void;
}

function MappingTable({ one, mapping, twice, refusal, onChange }: MappingTableProps) {
  const attributes = useQuery(attributesQuery).data;
  const data = optionsOf(attributes ?? [], Object.values(mapping));
  return (
    <table className={classes.mapping}>
      <thead>
        <tr>
          <th scope="col">Column</th>
          <th scope="col" className="wide-only">
            Sample
          </th>
          <th scope="col">Attribute</th>
        </tr>
      </thead>
      <tbody>
        {one.columns.map((column) => {
          const chosen = mapping[column.header] ?? null;
          return (
            <tr key={column.header}>
              <td dir="auto">{column.header}</td>
              <td className="wide-only">
                <div className={classes.sample} dir="auto">
                  {column.samples.filter((sample) => sample !== "").join(" · ") || "–"}
                </div>
              </td>
              <td>
                <Select
                  size="xs"
                  aria-label={`Attribute of ${column.header}`}
                  placeholder="Leave out"
                  data={data}
                  value={chosen}
                  onChange={(value) => onChange({ ...mapping, [column.header]: value })}
                  clearable
                  // Choosing what is chosen already keeps it; leaving a column out has its own button.
                  allowDeselect={false}
                  searchable
                  error={
                    chosen !== null && twice.has(chosen) ? "Chosen twice" : reasonFor(refusal, column.header)
                  }
                />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** The server names a column by its header, escaped as JSON pointers are. */
function reasonFor(refusal: Error | null, header: string): string | null {
  const name = header.replaceAll("~", "~0").replaceAll("/", "~1");
  return refusal instanceof ApiProblem ? refusal.reasonFor(`/mapping/${name}`) : null;
}

/** What may be written; what the server proposed is always among it, in its own spelling. */
function optionsOf(attributes: AttributeDef[], proposed: (string | null)[]) {
  const qualified = !proposed.some((one) => one !== null && !one.includes("."));
  const key = (one: AttributeDef) => (qualified || one.of !== "person" ? `${one.of}.${one.name}` : one.name);
  const group = (of: "person" | "company", label: string) => ({
    group: label,
    items: attributes
      .filter((one) => one.of === of && one.editable)
      .map((one) => ({ value: key(one), label: one.label })),
  });
  const groups = [group("person", "Person"), group("company", "Company")];
  const known = new Set(groups.flatMap((one) => one.items.map((item) => item.value)));
  const others = [...new Set(proposed)].filter((one): one is string => one !== null && !known.has(one));
  if (others.length > 0) {
    groups.push({ group: "Other", items: others.map((value) => ({ value, label: value })) });
  }
  return groups;
}
