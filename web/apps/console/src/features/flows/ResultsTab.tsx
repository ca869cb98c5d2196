import { getRouteApi } from "@tanstack/react-router";
import { Funnel } from "#features/designer/funnel/Funnel.tsx";
import { FLOW } from "#features/designer/kinds.ts";
import { ResultsOnDemand } from "#lib/results/ResultsOnDemand.tsx";

const route = getRouteApi("/frame/flows/$id");

/** What the flow brought. */
export function ResultsTab({ id }: { id: string }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <ResultsOnDemand
      subject={{ kind: "flows", id }}
      search={search}
      funnel={(period) => <Funnel kind={FLOW} id={id} period={period} />}
      update={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
    />
  );
}
