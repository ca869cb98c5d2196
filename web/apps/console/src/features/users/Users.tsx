import { Badge, Button } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import type { Page as ApiPage, User } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { usePages } from "#lib/api/pages.ts";
import { type Column, DataTable } from "#lib/ui/DataTable.tsx";
import { UserPlusIcon, UserRoundIcon } from "#lib/ui/icons.ts";
import { Page } from "#lib/ui/Page.tsx";
import { RowLink } from "#lib/ui/RowLink.tsx";
import { OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { Empty } from "#lib/ui/States.tsx";
import { InviteUser } from "./InviteUser.tsx";
import { userState } from "./user-state.ts";

const route = getRouteApi("/frame/users");

const COLUMNS: Column<User>[] = [
  {
    key: "name",
    label: "Name",
    width: 216,
    cell: (user) => (
      <RowLink to="/users/$id" params={{ id: user.id }}>
        {user.name || user.email}
      </RowLink>
    ),
  },
  { key: "email", label: "E-mail", width: 248, cell: (user) => <OwnText>{user.email}</OwnText> },
  { key: "profile", label: "Profile", width: 168, cell: (user) => <OwnText>{user.profile_name}</OwnText> },
  {
    key: "state",
    label: "State",
    width: 112,
    cell: (user) => {
      const state = userState(user);
      return <Badge color={state.color}>{state.label}</Badge>;
    },
  },
  { key: "seen", label: "Last seen", width: 120, cell: (user) => <TimeAgo at={user.last_seen_at} /> },
];

export function Users() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const invite = (on: boolean) => void navigate({ search: { new: on ? true : undefined }, replace: true });
  const users = usePages<User>(["users", "list"], (cursor, signal) =>
    api.get<ApiPage<User>>("/users", { query: { cursor, limit: 100 }, signal }),
  );
  const button = (
    <Button leftSection={<UserPlusIcon size={14} />} onClick={() => invite(true)}>
      Invite
    </Button>
  );
  return (
    <Page title="Users" fill actions={button}>
      <DataTable
        label="The users"
        columns={COLUMNS}
        data={users}
        rowId={(user) => user.id}
        empty={
          <Empty icon={UserRoundIcon} title="No user" action={button}>
            Users sign in to this console; what they may do is said by their profile.
          </Empty>
        }
      />
      <InviteUser opened={search.new === true} onClose={() => invite(false)} />
    </Page>
  );
}
