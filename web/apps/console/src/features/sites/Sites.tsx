import { Badge, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { Site } from "@usher/api";
import { useMay } from "#lib/api/session.ts";
import { sitesQuery } from "#lib/api/shared.ts";
import { type Column, DataTable } from "#lib/ui/DataTable.tsx";
import { GlobeIcon, PlusIcon } from "#lib/ui/icons.ts";
import { inline } from "#lib/ui/inline-rows.ts";
import { Page } from "#lib/ui/Page.tsx";
import { RowLink } from "#lib/ui/RowLink.tsx";
import { OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { Empty } from "#lib/ui/States.tsx";
import { NewSite } from "./NewSite.tsx";

const route = getRouteApi("/frame/sites");

const CONSENT = {
  open: "From the first page",
  interaction: "From the first click",
  required: "After consent",
};

const COLUMNS: Column<Site>[] = [
  {
    key: "name",
    label: "Name",
    width: 264,
    cell: (site) => (
      <RowLink to="/sites/$id" params={{ id: site.id }}>
        {site.name}
      </RowLink>
    ),
  },
  {
    key: "state",
    label: "Chat",
    width: 112,
    cell: (site) =>
      site.enabled && site.chat_enabled ? <Badge color="green">On</Badge> : <Badge color="yellow">Off</Badge>,
  },
  {
    key: "consent",
    label: "Visitors are known",
    width: 168,
    cell: (site) => CONSENT[site.privacy.consent_mode],
  },
  {
    key: "domains",
    label: "Allowed domains",
    width: 240,
    cell: (site) => (
      <OwnText>{site.security.validate_origin ? site.security.allowed_domains.join(", ") : "Any"}</OwnText>
    ),
  },
  { key: "created", label: "Created", width: 128, cell: (site) => <TimeAgo at={site.created_at} /> },
];

/** The websites that show dialogues. */
export function Sites() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const mayMake = useMay("admin.chatbot_settings");
  const sites = useQuery(sitesQuery);
  const making = (on: boolean) => void navigate({ search: { new: on ? true : undefined }, replace: true });
  const create = mayMake ? (
    <Button leftSection={<PlusIcon size={14} />} onClick={() => making(true)}>
      New site
    </Button>
  ) : null;
  return (
    <Page title="Sites" fill actions={create}>
      <DataTable
        label="The sites"
        columns={COLUMNS}
        data={inline(sites)}
        rowId={(site) => site.id}
        empty={
          <Empty icon={GlobeIcon} title="No site yet" action={create}>
            A site is a website that shows your dialogues: it has its own look, privacy rules and a snippet to
            paste.
          </Empty>
        }
      />
      <NewSite opened={search.new === true} onClose={() => making(false)} />
    </Page>
  );
}
