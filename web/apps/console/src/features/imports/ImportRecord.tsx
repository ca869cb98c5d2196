import { Badge } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Page } from "#lib/ui/Page.tsx";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { ImportActions } from "./ImportActions.tsx";
import { ImportMapping } from "./ImportMapping.tsx";
import { ImportProgress } from "./ImportProgress.tsx";
import { STATES } from "./import-words.ts";
import classes from "./imports.module.css";
import { Preview } from "./Preview.tsx";
import { importQuery } from "./queries.ts";

const route = getRouteApi("/frame/imports/$id");

/** One import: first what the columns mean, then how far it is, then what came of it. */
export function ImportRecord() {
  const { id } = route.useParams();
  const query = useQuery(importQuery(id));
  const one = query.data;
  if (one === undefined) {
    return (
      <Page title="Import" back={{ label: "Imports", to: "/imports" }}>
        {query.error ? (
          <Failed
            error={query.error}
            what="This import could not be read"
            retry={() => void query.refetch()}
          />
        ) : (
          <LinesSkeleton />
        )}
      </Page>
    );
  }
  return (
    <Page
      title={one.name}
      back={{ label: "Imports", to: "/imports" }}
      note={<Badge color={STATES[one.state].color}>{STATES[one.state].label}</Badge>}
      actions={<ImportActions one={one} />}
    >
      <div className={classes.body}>
        {one.state === "uploaded" ? <ImportMapping one={one} /> : <ImportProgress one={one} />}
        <Preview one={one} />
      </div>
    </Page>
  );
}
