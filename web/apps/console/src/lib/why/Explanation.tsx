import { Badge, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Explained } from "@usher/api";
import { useState } from "react";
import { useMay } from "#lib/api/session.ts";
import { counted } from "#lib/ui/format.ts";
import { OwnText } from "#lib/ui/Shown.tsx";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { explanationQuery } from "./queries.ts";
import { splitByPage, verdictLook } from "./verdicts.ts";
import classes from "./why.module.css";

/** Why a page view got what it got: each dialogue of the site with the verdict and its reason. */
export function Explanation({ id }: { id: string }) {
  const found = useQuery(explanationQuery(id));
  const [all, setAll] = useState(false);
  if (found.error) {
    return (
      <Failed error={found.error} what="The reasons could not be read" retry={() => void found.refetch()} />
    );
  }
  if (!found.data) return <LinesSkeleton lines={3} />;
  if (found.data.outcome.kind === "unknown") {
    return (
      <Text size="sm" c="dimmed">
        This page view was recorded without its reasons.
      </Text>
    );
  }
  const { concerned, elsewhere } = splitByPage(found.data.dialogues);
  return (
    <>
      {concerned.length > 0 ? (
        <Verdicts dialogues={concerned} label="Dialogues of this page" />
      ) : (
        <Text size="sm" c="dimmed">
          No dialogue was meant for this page.
        </Text>
      )}
      {elsewhere.length > 0 ? (
        <>
          <button type="button" className={classes.more} aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? "Hide" : "Show"} {counted(elsewhere.length, "dialogue", "dialogues")} of other pages or not
            published
          </button>
          {all ? <Verdicts dialogues={elsewhere} label="Other dialogues" /> : null}
        </>
      ) : null}
    </>
  );
}

function Verdicts({ dialogues, label }: { dialogues: Explained[]; label: string }) {
  return (
    <ol className={classes.verdicts} aria-label={label}>
      {dialogues.map((one) => (
        <li key={one.id} className={classes.verdict}>
          <span className={classes.name}>
            <DialogueName dialogue={one} />
            {one.version === null ? null : (
              <Text span size="xs" c="dimmed">
                {" "}
                version {one.version}
              </Text>
            )}
          </span>
          <Badge color={verdictLook(one.verdict).color}>{verdictLook(one.verdict).label}</Badge>
          <span className={classes.reason} dir="auto">
            {one.reason}
          </span>
        </li>
      ))}
    </ol>
  );
}

function DialogueName({ dialogue }: { dialogue: Explained }) {
  const may = useMay("dialogues.view");
  if (!may) return <OwnText>{dialogue.name}</OwnText>;
  return (
    <Link to="/dialogues/$id" params={{ id: dialogue.id }} search={{ tab: "audience" }} dir="auto">
      {dialogue.name}
    </Link>
  );
}
