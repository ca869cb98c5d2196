import { getRouteApi } from "@tanstack/react-router";
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
      update={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
    />
  );
}
