import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Page } from "#lib/ui/Page.tsx";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { siteQuery } from "./queries.ts";
import { SiteEditor } from "./SiteEditor.tsx";

const route = getRouteApi("/frame/sites/$id");

/** One site, read before it is edited. */
export function SiteRecord() {
  const { id } = route.useParams();
  const query = useQuery(siteQuery(id));
  if (query.data) return <SiteEditor key={id} site={query.data} />;
  return (
    <Page title="Site" back={{ label: "Sites", to: "/sites" }}>
      {query.error ? (
        <Failed error={query.error} what="This site could not be read" retry={() => void query.refetch()} />
      ) : (
        <LinesSkeleton />
      )}
    </Page>
  );
}
