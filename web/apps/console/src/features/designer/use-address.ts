import { useLocation, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import type { DesignSearch } from "#lib/design-search.ts";
import type { StreamKind } from "./kinds.ts";

export interface DesignAddress extends DesignSearch {
  /** The designer is open, and not another tab. */
  designing: boolean;
  /** Goes to the designer with these members changed. */
  go: (change: DesignSearch, how?: { push?: boolean }) => void;
}

/** Reads and writes what is selected in the designer as part of the address. */
export function useDesignAddress(kind: StreamKind, id: string): DesignAddress {
  const search: DesignSearch = useSearch({ strict: false });
  const designing = useLocation({ select: (location) => location.pathname.endsWith("/design") });
  const navigate = useNavigate();
  const { card, pane, figures, version } = search;
  return useMemo(
    () => ({
      card,
      pane,
      figures,
      version,
      designing,
      go: (change, how) =>
        void navigate({
          to: `${kind.path}/$id/design`,
          params: { id },
          search: (before) => ({
            card: before.card,
            pane: before.pane,
            figures: before.figures,
            version: before.version,
            ...change,
          }),
          replace: how?.push !== true,
        }),
    }),
    [card, pane, figures, version, designing, navigate, kind, id],
  );
}
