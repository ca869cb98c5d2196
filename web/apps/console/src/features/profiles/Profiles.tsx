import { Badge } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Profile } from "@usher/api";
import { profilesQuery } from "#lib/api/shared.ts";
import { type Column, DataTable } from "#lib/ui/DataTable.tsx";
import { count } from "#lib/ui/format.ts";
import { PlusIcon, ShieldUserIcon } from "#lib/ui/icons.ts";
import { inline } from "#lib/ui/inline-rows.ts";
import { ButtonLink } from "#lib/ui/Links.tsx";
import { Page } from "#lib/ui/Page.tsx";
import { RowLink } from "#lib/ui/RowLink.tsx";
import { OwnText } from "#lib/ui/Shown.tsx";
import { Empty } from "#lib/ui/States.tsx";

const COLUMNS: Column<Profile>[] = [
  {
    key: "name",
    label: "Name",
    width: 216,
    cell: (one) => (
      <RowLink to="/profiles/$id" params={{ id: one.id }}>
        {one.name}
      </RowLink>
    ),
  },
  {
    key: "description",
    label: "Description",
    width: 360,
    cell: (one) => <OwnText>{one.description}</OwnText>,
  },
  { key: "users", label: "Users", width: 88, align: "end", cell: (one) => count(one.users) },
  {
    key: "permissions",
    label: "Permissions",
    width: 112,
    align: "end",
    cell: (one) => count(one.permissions.length),
  },
  {
    key: "kind",
    label: "Kind",
    width: 104,
    cell: (one) => (
      <Badge color={one.built_in ? "gray" : "accent"}>{one.built_in ? "Built in" : "Own"}</Badge>
    ),
  },
];

/** Sets of permissions; users have one each. */
export function Profiles() {
  const profiles = useQuery(profilesQuery);
  const create = (
    <ButtonLink to="/profiles/$id" params={{ id: "new" }} leftSection={<PlusIcon size={14} />}>
      New profile
    </ButtonLink>
  );
  return (
    <Page title="Profiles" fill actions={create}>
      <DataTable
        label="The profiles"
        columns={COLUMNS}
        data={inline(profiles)}
        rowId={(one) => one.id}
        empty={
          <Empty icon={ShieldUserIcon} title="No profile" action={create}>
            A profile is a set of permissions that users can be given.
          </Empty>
        }
      />
    </Page>
  );
}
