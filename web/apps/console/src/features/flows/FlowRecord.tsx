import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { FLOW } from "#features/designer/kinds.ts";
import { recordQuery } from "#features/designer/queries.ts";
import { Page } from "#lib/ui/Page.tsx";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { FlowEditor } from "./FlowEditor.tsx";

const route = getRouteApi("/frame/flows/$id");

/** One flow, read before it is edited. */
export function FlowRecord() {
  const { id } = route.useParams();
  const query = useQuery(recordQuery(FLOW, id));
  if (query.data === undefined) {
    return (
      <Page title="Flow" back={{ label: "Flows", to: "/flows" }}>
        {query.error ? (
          <Failed error={query.error} what="This flow could not be read" retry={() => void query.refetch()} />
        ) : (
          <LinesSkeleton />
        )}
      </Page>
    );
  }
  return <FlowEditor key={id} flow={query.data} />;
}
