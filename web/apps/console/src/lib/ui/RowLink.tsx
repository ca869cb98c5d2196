import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";
import classes from "./table.module.css";

interface RowAnchorProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  ref?: Ref<HTMLAnchorElement>;
}

function RowAnchor(props: RowAnchorProps) {
  return <a {...props} data-row-link className={classes.rowLink} dir="auto" />;
}

/** The link of a table row; its target covers the whole row. */
export const RowLink = createLink(RowAnchor);
