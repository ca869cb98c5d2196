import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { useDebouncedCallback, useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { PersonSort } from "@usher/api";
import { useRef, useState } from "react";
import { useMay } from "#lib/api/session.ts";
import { attributesQuery } from "#lib/api/shared.ts";
import { ColumnChooser } from "#lib/ui/ColumnChooser.tsx";
import { CriteriaBuilder } from "#lib/ui/criteria/CriteriaBuilder.tsx";
import { countConditions } from "#lib/ui/criteria/tree.ts";
import { DataTable } from "#lib/ui/DataTable.tsx";
import { FilterIcon, PlusIcon, SearchIcon, UploadIcon } from "#lib/ui/icons.ts";
import { ButtonLink } from "#lib/ui/Links.tsx";
import { Page } from "#lib/ui/Page.tsx";
import { useShortcut } from "#lib/ui/shortcuts.ts";
import { BulkBar } from "./BulkBar.tsx";
import { useColumns } from "./columns.tsx";
import { ExportButton } from "./ExportButton.tsx";
import { NoPeople } from "./NoPeople.tsx";
import classes from "./people.module.css";
import { Total } from "./Total.tsx";
import { questionOf, usePeople } from "./use-people.ts";

const route = getRouteApi("/frame/people");

const KNOWN = { all: undefined, known: true, anonymous: false } as const;
type KnownKey = keyof typeof KNOWN;

export function People() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const attributes = useQuery(attributesQuery).data;
  const columns = useColumns(attributes);
  const [filtering, filter] = useDisclosure(search.criteria !== undefined);
  const [typed, setTyped] = useState(search.q ?? "");
  const field = useRef<HTMLInputElement>(null);
  const mayImport = useMay("people.import");
  const mayEdit = useMay("people.edit");

  const update = (change: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, selected: undefined, ...change }), replace: true });
  const askFor = useDebouncedCallback(
    (q: string) => update({ q: q.trim() === "" ? undefined : q.trim() }),
    200,
  );
  const [question] = useDebouncedValue(questionOf(search, attributes), 250);
  const people = usePeople(question);
  useShortcut("/", "Search people", () => field.current?.focus());
  useShortcut("f", "Filter", filter.toggle);

  const conditions = search.criteria ? countConditions(search.criteria) : 0;
  const narrowed = search.q !== undefined || conditions > 0 || search.known !== undefined;
  const clear = () => {
    setTyped("");
    update({ q: undefined, criteria: undefined, known: undefined });
  };
  const known = (Object.keys(KNOWN) as KnownKey[]).find((key) => KNOWN[key] === search.known) ?? "all";
  return (
    <Page
      title="People"
      fill
      note={<Total page={people.first} />}
      actions={
        <>
          <ExportButton question={question} columns={columns.chosen} />
          {mayImport ? (
            <ButtonLink to="/imports/new" variant="default" leftSection={<UploadIcon size={14} />}>
              Import
            </ButtonLink>
          ) : null}
          {mayEdit ? (
            <ButtonLink to="/people/new" leftSection={<PlusIcon size={14} />}>
              New person
            </ButtonLink>
          ) : null}
        </>
      }
      toolbar={
        <>
          <TextInput
            ref={field}
            size="xs"
            type="search"
            className={classes.search}
            aria-label="Search people"
            placeholder="Name, e-mail, phone, company"
            leftSection={<SearchIcon size={14} />}
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              askFor(event.currentTarget.value);
            }}
            // Who clicks a row at once must not be brought back by the late change of the address.
            onBlur={() => askFor.flush()}
          />
          <SegmentedControl
            size="xs"
            aria-label="Known or anonymous"
            data={[
              { value: "all", label: "All" },
              { value: "known", label: "Known" },
              { value: "anonymous", label: "Anonymous" },
            ]}
            value={known}
            onChange={(value) => update({ known: KNOWN[value as KnownKey] })}
          />
          <Button
            variant={conditions > 0 ? "light" : "default"}
            leftSection={<FilterIcon size={14} />}
            onClick={filter.toggle}
            aria-expanded={filtering}
            aria-controls="people-filter"
          >
            {conditions > 0 ? `Filter (${conditions})` : "Filter"}
          </Button>
          <ColumnChooser all={columns.all} chosen={columns.chosen} onChange={columns.choose} />
        </>
      }
    >
      {filtering ? (
        <div id="people-filter" className={classes.filter}>
          <CriteriaBuilder
            value={search.criteria}
            of={["person", "company"]}
            onChange={(criteria) =>
              update({ criteria: countConditions(criteria) > 0 ? criteria : undefined })
            }
          />
        </div>
      ) : null}
      <DataTable
        label="The people"
        columns={columns.shown}
        data={people}
        rowId={(person) => person.id}
        sorting={{ by: question.sort.by, direction: question.sort.direction }}
        onSort={({ by, direction }) => update({ sort: by as PersonSort, dir: direction })}
        selected={new Set(search.selected)}
        onSelect={(ids) => update({ selected: ids.size > 0 ? [...ids] : undefined })}
        empty={<NoPeople narrowed={narrowed} onClear={clear} />}
      />
      <BulkBar
        ids={search.selected ?? []}
        people={people.rows}
        columns={columns.chosen}
        onClear={() => update({})}
      />
    </Page>
  );
}
