import { ActionIcon, Drawer, useMantineColorScheme } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { spotlight } from "@mantine/spotlight";
import { Outlet, useRouter, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useMe } from "#lib/api/session.ts";
import { Live } from "#lib/live/Live.tsx";
import { Corner } from "#lib/ui/corner.ts";
import { MenuIcon, SearchIcon } from "#lib/ui/icons.ts";
import { shortcuts, useShortcut } from "#lib/ui/shortcuts.ts";
import { AvailabilitySwitch } from "./AvailabilitySwitch.tsx";
import classes from "./frame.module.css";
import { Navigation } from "./Navigation.tsx";
import { OfferBanner } from "./offers/OfferBanner.tsx";
import { Palette } from "./Palette.tsx";
import { ShortcutHelp } from "./ShortcutHelp.tsx";
import { useJumps } from "./use-jumps.ts";

const corner = <AvailabilitySwitch />;

/** Navigation and palette around the screen. */
export function Frame() {
  const me = useMe();
  // Otherwise it would write a style element to stop transitions for a moment.
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const [drawer, { open, close }] = useDisclosure(false);
  const [help, helpControls] = useDisclosure(false);

  useEffect(() => setColorScheme(me.user.theme), [me.user.theme, setColorScheme]);
  useEffect(() => {
    document.addEventListener("keydown", shortcuts.handle);
    return () => document.removeEventListener("keydown", shortcuts.handle);
  }, []);
  useShortcut("mod+k", "Find or do anything", () => spotlight.open(), {
    group: "Anywhere",
    whileTyping: true,
  });
  useShortcut("?", "Show the shortcuts", helpControls.open, { group: "Anywhere" });
  useJumps();
  useFocusOnNewScreen();

  return (
    <Live>
      <div className={classes.frame}>
        <a href="#main" className="skip-link">
          Skip to the content
        </a>
        <section className={`${classes.topbar} narrow-only`} aria-label="Top bar">
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Open the navigation" onClick={open}>
            <MenuIcon size={20} />
          </ActionIcon>
          <span className={classes.topname}>{me.instance.name}</span>
          {corner}
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label="Search"
            onClick={() => spotlight.open()}
          >
            <SearchIcon size={20} />
          </ActionIcon>
        </section>
        <aside className={`${classes.side} wide-only`}>
          <Navigation onHelp={helpControls.open} />
        </aside>
        <Drawer.Root opened={drawer} onClose={close} size={280} lockScroll={false}>
          <Drawer.Overlay />
          <Drawer.Content aria-label="Navigation">
            <Drawer.Body className={classes.drawer}>
              <Navigation onGo={close} onHelp={helpControls.open} />
            </Drawer.Body>
          </Drawer.Content>
        </Drawer.Root>
        <main id="main" className={classes.main} tabIndex={-1}>
          <Corner value={corner}>
            <Outlet />
          </Corner>
        </main>
        <Palette />
        <ShortcutHelp opened={help} onClose={helpControls.close} />
        <OfferBanner />
      </div>
    </Live>
  );
}

/** After a change of screen the keyboard starts at its content, as after a page load. */
function useFocusOnNewScreen(): void {
  const router = useRouter();
  const path = useRouterState({ router, select: (state) => state.location.pathname });
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs once for every new path
  useEffect(() => {
    if (first.current) first.current = false;
    else if (document.activeElement === document.body) document.getElementById("main")?.focus();
  }, [path]);
}
