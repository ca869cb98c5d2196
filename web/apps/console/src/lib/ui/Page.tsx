import { Group, Title } from "@mantine/core";
import { Link, type LinkProps } from "@tanstack/react-router";
import { type ReactNode, useContext, useEffect } from "react";
import { Corner } from "./corner.ts";
import { ChevronLeftIcon } from "./icons.ts";
import classes from "./page.module.css";

interface PageProps {
  title: string;
  /** Beside the title: a count, a state. */
  note?: ReactNode;
  /** Buttons at the end of the head. */
  actions?: ReactNode;
  /** Filters and search, under the head. */
  toolbar?: ReactNode;
  /** Where one came from. */
  back?: { label: string; to: LinkProps["to"] };
  /** The content scrolls by itself (tables, editors). */
  fill?: boolean;
  /** Lines of text and forms read best when not too wide. */
  narrow?: boolean;
  children: ReactNode;
}

/** The head and the body of a screen. Also names the browser tab. */
export function Page({ title, note, actions, toolbar, back, fill, narrow, children }: PageProps) {
  const corner = useContext(Corner);
  useEffect(() => {
    document.title = `${title} · Usher`;
  }, [title]);
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <div className={classes.titles}>
          {back ? (
            <Link to={back.to} className={classes.back}>
              <ChevronLeftIcon size={14} />
              {back.label}
            </Link>
          ) : null}
          <Group gap="sm" wrap="nowrap">
            <Title order={1} className={classes.title} dir="auto">
              {title}
            </Title>
            {note}
          </Group>
        </div>
        {actions ? <Group gap="xs">{actions}</Group> : null}
        {corner ? <div className="wide-only">{corner}</div> : null}
      </header>
      {toolbar ? <div className={classes.toolbar}>{toolbar}</div> : null}
      <div className={classes.body} data-fill={fill || undefined} data-narrow={narrow || undefined}>
        {children}
      </div>
    </div>
  );
}
