import { Badge, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { Page as ApiPage, ApiToken, User } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { usePages } from "#lib/api/pages.ts";
import { everyPage } from "#lib/api/shared.ts";
import { type Column, DataTable } from "#lib/ui/DataTable.tsx";
import { counted, dateTime } from "#lib/ui/format.ts";
import { KeyRoundIcon, PlusIcon } from "#lib/ui/icons.ts";
import { Page } from "#lib/ui/Page.tsx";
import { OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { Empty } from "#lib/ui/States.tsx";
import { NewToken } from "./NewToken.tsx";
import { RevokeToken } from "./RevokeToken.tsx";

const route = getRouteApi("/frame/tokens");

export function Tokens() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [revoking, setRevoking] = useState<ApiToken | null>(null);
  const users = useQuery({ queryKey: ["users", "all"], queryFn: () => everyPage<User>("/users") }).data;
  const names = new Map(users?.map((user) => [user.id, user.name || user.email]));
  const make = (on: boolean) => void navigate({ search: { new: on ? true : undefined }, replace: true });
  const tokens = usePages<ApiToken>(["tokens"], (cursor, signal) =>
    api.get<ApiPage<ApiToken>>("/tokens", { query: { cursor, limit: 100 }, signal }),
  );
  const button = (
    <Button leftSection={<PlusIcon size={14} />} onClick={() => make(true)}>
      New token
    </Button>
  );
  return (
    <Page title="API tokens" fill actions={button}>
      <DataTable
        label="The API tokens"
        columns={columnsOf(setRevoking, names)}
        data={tokens}
        rowId={(token) => token.id}
        empty={
          <Empty icon={KeyRoundIcon} title="No token yet" action={button}>
            With a token a script may use the API in the name of this instance, with the permissions you
            choose.
          </Empty>
        }
      />
      <NewToken opened={search.new === true} onClose={() => make(false)} />
      <RevokeToken token={revoking} onClose={() => setRevoking(null)} />
    </Page>
  );
}

function columnsOf(revoke: (token: ApiToken) => void, names: Map<string, string>): Column<ApiToken>[] {
  return [
    { key: "name", label: "Name", width: 216, cell: (one) => <OwnText fw={500}>{one.name}</OwnText> },
    {
      key: "scopes",
      label: "Permissions",
      width: 168,
      cell: (one) => (
        <Badge color="gray" title={one.scopes.join(", ")}>
          {counted(one.scopes.length, "permission", "permissions")}
        </Badge>
      ),
    },
    {
      key: "by",
      label: "Made by",
      width: 152,
      cell: (one) => <OwnText>{one.created_by && names.get(one.created_by)}</OwnText>,
    },
    { key: "created", label: "Made", width: 120, cell: (one) => <TimeAgo at={one.created_at} /> },
    { key: "used", label: "Last used", width: 120, cell: (one) => <TimeAgo at={one.last_used_at} /> },
    {
      key: "expires",
      label: "Ends",
      width: 176,
      cell: (one) => (one.expires_at ? dateTime(one.expires_at) : "Never"),
    },
    {
      key: "revoke",
      label: "",
      width: 104,
      cell: (one) => (
        <Button variant="subtle" color="red" size="compact-xs" onClick={() => revoke(one)} data-row-link>
          Revoke
        </Button>
      ),
    },
  ];
}
