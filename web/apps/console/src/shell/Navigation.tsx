import { Text, UnstyledButton } from "@mantine/core";
import { spotlight } from "@mantine/spotlight";
import { Link } from "@tanstack/react-router";
import { allows, useMe } from "#lib/api/session.ts";
import { KeyboardIcon, SearchIcon } from "#lib/ui/icons.ts";
import { Keys } from "#lib/ui/Shown.tsx";
import classes from "./frame.module.css";
import { MyMenu } from "./MyMenu.tsx";
import { type Entry, sections } from "./navigation.ts";

interface NavigationProps {
  onGo?: () => void;
  onHelp: () => void;
}

/** The left navigation: instance, search, sections, me. */
export function Navigation({ onGo, onHelp }: NavigationProps) {
  const me = useMe();
  const shown = sections
    .map((section) => ({ ...section, entries: section.entries.filter((one) => allows(me, one.permission)) }))
    .filter((section) => section.entries.length > 0);
  return (
    <div className={classes.navigation}>
      <div className={classes.instance}>
        <span className={classes.mark} aria-hidden="true" />
        <Text fw={600} truncate dir="auto">
          {me.instance.name}
        </Text>
        {me.instance.demo ? <span className={classes.demo}>Demo</span> : null}
      </div>
      <UnstyledButton className={classes.search} onClick={() => spotlight.open()}>
        <SearchIcon size={14} />
        <span>Search or do</span>
        <Keys keys="mod+k" />
      </UnstyledButton>
      <nav className={classes.entries} aria-label="Main">
        {shown.map((section) => (
          <div key={section.label ?? "main"} className={classes.section}>
            {section.label ? <h2 className={classes.sectionName}>{section.label}</h2> : null}
            <ul>
              {section.entries.map((entry) => (
                <li key={entry.label}>
                  <EntryLink entry={entry} onGo={onGo} />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <div className={classes.foot}>
        <MyMenu onGo={onGo} />
        <UnstyledButton
          className={classes.help}
          onClick={onHelp}
          aria-label="Keyboard shortcuts"
          title="Shortcuts (?)"
        >
          <KeyboardIcon size={16} />
        </UnstyledButton>
      </div>
    </div>
  );
}

function EntryLink({ entry, onGo }: { entry: Entry; onGo: (() => void) | undefined }) {
  const Icon = entry.icon;
  return (
    <Link
      to={entry.to}
      className={classes.entry}
      activeOptions={{ exact: entry.to === "/", includeSearch: false }}
      activeProps={{ "data-active": true, "aria-current": "page" }}
      onClick={onGo}
    >
      <Icon size={16} aria-hidden="true" />
      {entry.label}
    </Link>
  );
}
