import { Badge, Stack } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { User } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { Page } from "#lib/ui/Page.tsx";
import { Fact, TimeAgo } from "#lib/ui/Shown.tsx";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { UserActions } from "./UserActions.tsx";
import { UserForm } from "./UserForm.tsx";
import { userState } from "./user-state.ts";

const route = getRouteApi("/frame/users/$id");

const userQuery = (id: string) =>
  queryOptions({ queryKey: ["users", "record", id], queryFn: () => api.get<User>(`/users/${id}`) });

export function UserRecord() {
  const { id } = route.useParams();
  const query = useQuery(userQuery(id));
  const user = query.data;
  if (user === undefined) {
    return (
      <Page title="User" back={{ label: "Users", to: "/users" }}>
        {query.error ? (
          <Failed error={query.error} what="This user could not be read" retry={() => void query.refetch()} />
        ) : (
          <LinesSkeleton />
        )}
      </Page>
    );
  }
  const state = userState(user);
  return (
    <Page
      title={user.name || user.email}
      narrow
      back={{ label: "Users", to: "/users" }}
      note={<Badge color={state.color}>{state.label}</Badge>}
    >
      <Stack gap="xl">
        <Stack component="dl" gap="sm" m={0}>
          <Fact label="E-mail">{user.email}</Fact>
          <Fact label="Last seen">
            <TimeAgo at={user.last_seen_at} />
          </Fact>
          <Fact label={user.pending ? "Invited" : "Joined"}>
            <TimeAgo at={user.created_at} />
          </Fact>
        </Stack>
        <UserForm key={user.id} user={user} />
        <UserActions user={user} />
      </Stack>
    </Page>
  );
}
