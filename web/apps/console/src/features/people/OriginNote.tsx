import { Link } from "@tanstack/react-router";
import type { Origin, OriginSource } from "@usher/api";
import { TimeAgo } from "#lib/ui/Shown.tsx";
import classes from "./record.module.css";

export const SOURCE_WORDS: Record<OriginSource, string> = {
  import: "Import",
  chat: "Conversation",
  form: "Form",
  user: "User",
  api: "API",
  crm: "CRM",
  system: "Usher",
};

/** Where a value came from, when, and how sure it is. */
export function OriginNote({ origin }: { origin: Origin }) {
  return (
    <span className={classes.origin}>
      <Source origin={origin} /> · <TimeAgo at={origin.at} />
      {origin.rung ? ` · ${origin.rung}` : ""}
    </span>
  );
}

function Source({ origin }: { origin: Origin }) {
  const words = SOURCE_WORDS[origin.source] ?? origin.source;
  if (origin.detail === null) return words;
  if (origin.source === "import" && origin.detail.startsWith("imp_")) {
    return (
      <Link to="/imports/$id" params={{ id: origin.detail }}>
        {words}
      </Link>
    );
  }
  if (origin.source === "user") return <span dir="auto">{origin.detail}</span>;
  return <span title={origin.detail}>{words}</span>;
}
