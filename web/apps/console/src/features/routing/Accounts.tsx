import { Button, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { Account, Page as ApiPage } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { usePages } from "#lib/api/pages.ts";
import { useMay } from "#lib/api/session.ts";
import { agentsQuery } from "#lib/api/shared.ts";
import { Confirm } from "#lib/ui/Confirm.tsx";
import { type Column, DataTable } from "#lib/ui/DataTable.tsx";
import { BadgeCheckIcon, PlusIcon, SearchIcon, UploadIcon } from "#lib/ui/icons.ts";
import { notifyProblem } from "#lib/ui/notify.ts";
import { Page } from "#lib/ui/Page.tsx";
import { OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { Empty } from "#lib/ui/States.tsx";
import { AccountEditor } from "./AccountEditor.tsx";

import { RowMenu } from "./RowMenu.tsx";
import classes from "./routing.module.css";
import { Scope } from "./Scope.tsx";
import { UploadAccounts } from "./UploadAccounts.tsx";

const route = getRouteApi("/frame/accounts");

/** Companies whose visitors go to their owner before anything else is asked. */
export function Accounts() {
  const { q } = route.useSearch();
  const agents = useQuery(agentsQuery).data;
  const mayEdit = useMay("admin.accounts.manage");
  const [open, setOpen] = useState<Account | "new" | null>(null);
  const [leaving, setLeaving] = useState<Account | null>(null);
  const [uploading, setUploading] = useState(false);
  const accounts = usePages<Account>(["accounts", q ?? ""], (cursor, signal) =>
    api.get<ApiPage<Account>>("/accounts", { query: { q, cursor, limit: 100 }, signal }),
  );
  const create = mayEdit ? (
    <>
      <Button variant="default" leftSection={<UploadIcon size={14} />} onClick={() => setUploading(true)}>
        Upload
      </Button>
      <Button leftSection={<PlusIcon size={14} />} onClick={() => setOpen("new")}>
        New account
      </Button>
    </>
  ) : null;
  return (
    <Page title="Accounts" fill actions={create} toolbar={<Search q={q} />}>
      <Scope>
        Visitors whose e-mail address or inferred company has the domain of an account go to its owner first.
      </Scope>
      <DataTable
        label="The accounts"
        columns={columnsOf(mayEdit, setOpen, setLeaving)}
        data={accounts}
        rowId={(account) => account.id}
        empty={
          <Empty
            icon={BadgeCheckIcon}
            title={q ? "No account has these words" : "No account yet"}
            action={q ? null : create}
          >
            {q
              ? "Names and domains are searched."
              : "List the companies that somebody looks after, one by one or by a CSV file."}
          </Empty>
        }
      />
      <AccountEditor open={open} agents={agents} onClose={() => setOpen(null)} />
      <UploadAccounts opened={uploading} onClose={() => setUploading(false)} />
      <DeleteAccount account={leaving} onClose={() => setLeaving(null)} />
    </Page>
  );
}

function Search({ q }: { q: string | undefined }) {
  const navigate = route.useNavigate();
  const [typed, setTyped] = useState(q ?? "");
  const ask = useDebouncedCallback(
    (text: string) =>
      void navigate({ search: { q: text.trim() === "" ? undefined : text.trim() }, replace: true }),
    200,
  );
  return (
    <TextInput
      aria-label="Search accounts"
      placeholder="Name or domain"
      leftSection={<SearchIcon size={14} />}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        ask(event.currentTarget.value);
      }}
    />
  );
}

function columnsOf(
  mayEdit: boolean,
  open: (account: Account) => void,
  remove: (account: Account) => void,
): Column<Account>[] {
  const columns: Column<Account>[] = [
    {
      key: "name",
      label: "Name",
      width: 240,
      cell: (account) =>
        mayEdit ? (
          <button type="button" className={classes.name} dir="auto" onClick={() => open(account)}>
            {account.name}
          </button>
        ) : (
          <span dir="auto">{account.name}</span>
        ),
    },
    {
      key: "domains",
      label: "Domains",
      width: 320,
      cell: (account) => <OwnText>{account.domains.join(", ")}</OwnText>,
    },
    { key: "owner", label: "Owner", width: 240, cell: ownerOf },
    { key: "created", label: "Created", width: 128, cell: (account) => <TimeAgo at={account.created_at} /> },
  ];
  if (mayEdit) {
    columns.push({
      key: "more",
      label: "",
      width: 72,
      cell: (account) => <RowMenu name={account.name} remove={() => remove(account)} />,
    });
  }
  return columns;
}

function ownerOf(account: Account) {
  const name = account.owner_name ?? "No longer here";
  return account.owner_is_agent ? <OwnText>{name}</OwnText> : `${name} (takes no visitors)`;
}

function DeleteAccount({ account, onClose }: { account: Account | null; onClose: () => void }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: (id: string) => api.post("/accounts/delete", { ids: [id] }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["accounts"] });
      onClose();
    },
    onError: (error) => notifyProblem("The account was not deleted", error),
  });
  return (
    <Confirm
      opened={account !== null}
      onClose={onClose}
      title={`Delete ${account?.name ?? ""}?`}
      action="Delete"
      busy={remove.isPending}
      onConfirm={() => account && remove.mutate(account.id)}
    >
      Its visitors are routed as the card says from then on.
    </Confirm>
  );
}
