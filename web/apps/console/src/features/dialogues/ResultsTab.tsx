import { getRouteApi } from "@tanstack/react-router";
import { Funnel } from "#features/designer/funnel/Funnel.tsx";
import { DIALOGUE } from "#features/designer/kinds.ts";
import { ResultsOnDemand } from "#lib/results/ResultsOnDemand.tsx";

const route = getRouteApi("/frame/dialogues/$id");

/** What the dialogue brought. */
export function ResultsTab({ id }: { id: string }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <ResultsOnDemand
      subject={{ kind: "dialogues", id }}
      search={search}
      funnel={(period) => <Funnel kind={DIALOGUE} id={id} period={period} />}
      update={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
    />
  );
}
