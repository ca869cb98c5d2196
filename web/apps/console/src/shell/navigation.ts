/**
 * The entries of the left navigation, in the order in which people work. Only
 * screens that exist stand here; what one may not see is left out when drawn.
 */
import type { LinkProps } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";
import * as icons from "#lib/ui/icons.ts";

export interface Entry {
  label: string;
  to: LinkProps["to"];
  icon: LucideIcon;
  /** One of these is needed; none given: everybody. */
  permission?: string | readonly string[];
  /** Second key after `g`. */
  jump?: string;
}

export interface Section {
  /** Absent for the first, unnamed section. */
  label?: string;
  entries: readonly Entry[];
}

export const sections: readonly Section[] = [
  { entries: [] },
  { label: "People", entries: [] },
  { label: "Configuration", entries: [] },
];

/** Not in the navigation but on the person's own menu; the palette knows it, too. */
export const mine: Entry = { label: "My profile", to: "/me", icon: icons.UserRoundIcon, jump: "m" };

export interface Action {
  label: string;
  to: LinkProps["to"];
  icon: LucideIcon;
  permission?: string | readonly string[];
}

/** What the command palette can start, besides opening a screen. */
export const actions: readonly Action[] = [];
