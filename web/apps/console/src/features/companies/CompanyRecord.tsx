import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { Page as ApiPage, Company, Person } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { usePages } from "#lib/api/pages.ts";
import { type Column, DataTable } from "#lib/ui/DataTable.tsx";
import { UsersIcon } from "#lib/ui/icons.ts";
import { Page } from "#lib/ui/Page.tsx";
import { RowLink } from "#lib/ui/RowLink.tsx";
import { Fact, OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { Empty, Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { CompanyAttributes } from "./CompanyAttributes.tsx";
import classes from "./company.module.css";
import { companyQuery } from "./queries.ts";

const route = getRouteApi("/frame/companies/$id");

const COLUMNS: Column<Person>[] = [
  {
    key: "name",
    label: "Name",
    width: 216,
    cell: (one) => (
      <RowLink to="/people/$id" params={{ id: one.id }} search={{}}>
        {one.full_name ?? one.email ?? "Without a name"}
      </RowLink>
    ),
  },
  { key: "email", label: "E-mail", width: 232, cell: (one) => <OwnText>{one.email}</OwnText> },
  {
    key: "job_title",
    label: "Job title",
    width: 168,
    cell: (one) => (
      <OwnText>{one.attributes.job_title === null ? null : String(one.attributes.job_title ?? "")}</OwnText>
    ),
  },
  { key: "seen", label: "Last seen", width: 120, cell: (one) => <TimeAgo at={one.last_seen_at} /> },
];

export function CompanyRecord() {
  const { id } = route.useParams();
  const company = useQuery(companyQuery(id));
  if (company.data) return <Record company={company.data} />;
  return (
    <Page title="Company" back={{ label: "Companies", to: "/companies" }}>
      {company.error ? (
        <Failed
          error={company.error}
          what="This company could not be read"
          retry={() => void company.refetch()}
        />
      ) : (
        <LinesSkeleton />
      )}
    </Page>
  );
}

function Record({ company }: { company: Company }) {
  const people = usePages<Person>(["companies", "people", company.id], (cursor, signal) =>
    api.get<ApiPage<Person>>(`/companies/${company.id}/people`, { query: { cursor, limit: 100 }, signal }),
  );
  return (
    <Page title={company.name} back={{ label: "Companies", to: "/companies" }} fill>
      <div className={classes.record}>
        <aside className={classes.side} aria-label="What is known">
          <dl className={classes.facts}>
            <Fact label="Domains">
              <OwnText>{company.domains.join(", ")}</OwnText>
            </Fact>
            <Fact label="Owner">
              <OwnText>{company.owner?.name}</OwnText>
            </Fact>
            <Fact label="Created">
              <TimeAgo at={company.created_at} />
            </Fact>
          </dl>
          <CompanyAttributes company={company} />
        </aside>
        <section className={classes.people} aria-label="People of this company">
          <DataTable
            label="The people of this company"
            columns={COLUMNS}
            data={people}
            rowId={(one) => one.id}
            empty={
              <Empty icon={UsersIcon} title="Nobody of this company is known">
                People who give an e-mail address of its domains, or are imported with its name, appear here.
              </Empty>
            }
          />
        </section>
      </div>
    </Page>
  );
}
