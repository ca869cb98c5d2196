import { Badge } from "@mantine/core";
import type { LibraryUse } from "@usher/api";
import { TextLink } from "#lib/ui/Links.tsx";
import { OwnText } from "#lib/ui/Shown.tsx";
import classes from "./library.module.css";

/** Dialogues and flows that use something, each with a way to it. */
export function UseList({ uses }: { uses: readonly LibraryUse[] }) {
  return (
    <ul className={classes.uses}>
      {uses.map((use) => (
        <li key={use.id}>
          <TextLink
            to={use.kind === "flow" ? "/flows/$id" : "/dialogues/$id"}
            params={{ id: use.id }}
            search={{}}
            inherit
          >
            <OwnText>{use.name}</OwnText>
          </TextLink>{" "}
          <Badge size="sm" color={use.published ? "green" : "gray"}>
            {use.published ? (use.draft ? "Published" : "Published, not in the draft") : "Draft"}
          </Badge>
        </li>
      ))}
    </ul>
  );
}
