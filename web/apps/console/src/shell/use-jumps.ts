import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { allows, useMe } from "#lib/api/session.ts";
import { shortcuts } from "#lib/ui/shortcuts.ts";
import { mine, sections } from "./navigation.ts";

/** `g` and a letter go to a screen of the navigation. */
export function useJumps(): void {
  const me = useMe();
  const navigate = useNavigate();
  useEffect(() => {
    const offs = [...sections.flatMap((section) => section.entries), mine]
      .filter((entry) => entry.jump !== undefined && allows(me, entry.permission))
      .map((entry) =>
        shortcuts.add({
          keys: `g ${entry.jump}`,
          label: entry.label,
          group: "Go to",
          run: () => void navigate({ to: entry.to }),
        }),
      );
    return () => {
      for (const off of offs) off();
    };
  }, [me, navigate]);
}
