import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Home } from "@usher/api";
import { ChevronRightIcon, CircleCheckIcon } from "#lib/ui/icons.ts";
import classes from "./home.module.css";
import { Section } from "./Section.tsx";

/** What waits for somebody, each with where to do it. */
export function Needs({ needs }: { needs: Home["needs"] }) {
  return (
    <Section title="Needs you now">
      {needs.length === 0 ? (
        <Text size="sm" c="dimmed" className={classes.calm}>
          <CircleCheckIcon size={16} aria-hidden="true" /> Nothing. When something waits for you, it stands
          here.
        </Text>
      ) : (
        <ul className={classes.needs}>
          {needs.map((need) => (
            <li key={need.kind + need.link + need.title}>
              <Link to={need.link.replace(/^\/console(?=\/|$)/, "") || "/"} className={classes.need}>
                <span className={classes.needText}>
                  <span className={classes.needTitle} dir="auto">
                    {need.title}
                  </span>
                  <span className={classes.dim} dir="auto">
                    {need.detail}
                  </span>
                </span>
                <ChevronRightIcon size={16} aria-hidden="true" />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
