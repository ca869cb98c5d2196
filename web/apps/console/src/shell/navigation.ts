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

const CHATS = ["livechat.view_own", "livechat.view_all"];
const TEAMS = ["admin.teams.view", "admin.teams.manage"];
const RULES = ["admin.rules.view", "admin.rules.manage"];
const ACCOUNTS = ["admin.accounts.view", "admin.accounts.manage"];
const CANNED = ["agent.livechat_availability", "livechat.view_all", "admin.agents"];
const TURNS = "admin.round_robin.view";
const AGENTS = ["admin.agents", TURNS, ...TEAMS, ...RULES, ...ACCOUNTS];

export const sections: readonly Section[] = [
  {
    entries: [
      { label: "Home", to: "/", icon: icons.HouseIcon, jump: "h" },
      {
        label: "Inbox",
        to: "/inbox",
        icon: icons.InboxIcon,
        permission: CHATS,
        jump: "n",
      },
      {
        label: "Conversations",
        to: "/conversations",
        icon: icons.MessagesSquareIcon,
        permission: "livechat.view_all",
        jump: "v",
      },
      {
        label: "Dialogues",
        to: "/dialogues",
        icon: icons.WaypointsIcon,
        permission: "dialogues.view",
        jump: "d",
      },
      { label: "Flows", to: "/flows", icon: icons.WorkflowIcon, permission: "flows.view", jump: "f" },
    ],
  },
  {
    label: "People",
    entries: [
      { label: "People", to: "/people", icon: icons.UsersIcon, permission: "people.view", jump: "p" },
      {
        label: "Companies",
        to: "/companies",
        icon: icons.Building2Icon,
        permission: "people.view",
        jump: "c",
      },
      { label: "Lists", to: "/lists", icon: icons.ListIcon, permission: "people.view", jump: "l" },
      { label: "Imports", to: "/imports", icon: icons.FileUpIcon, permission: "people.import", jump: "i" },
    ],
  },
  {
    label: "Analytics",
    entries: [
      {
        label: "Live chat report",
        to: "/reports/live-chat",
        icon: icons.ChartIcon,
        permission: "analytics.livechat",
      },
    ],
  },
  {
    label: "Routing",
    entries: [
      { label: "Agents", to: "/agents", icon: icons.HeadsetIcon, permission: AGENTS, jump: "k" },
      { label: "Teams", to: "/teams", icon: icons.NetworkIcon, permission: TEAMS },
      { label: "Rules", to: "/rules", icon: icons.SplitIcon, permission: RULES },
      { label: "Accounts", to: "/accounts", icon: icons.BadgeCheckIcon, permission: ACCOUNTS },
      {
        label: "Fallbacks",
        to: "/fallbacks",
        icon: icons.MessageSquareIcon,
        permission: "admin.chatbot_settings",
      },
      { label: "Turns and dry run", to: "/routing", icon: icons.PlayIcon, permission: TURNS, jump: "w" },
    ],
  },
  {
    label: "Library",
    entries: [
      {
        label: "Documents",
        to: "/documents",
        icon: icons.FileTextIcon,
        permission: ["dialogues.view", "flows.view"],
        jump: "e",
      },
      {
        label: "Responses",
        to: "/responses",
        icon: icons.BotIcon,
        permission: "dialogues.view",
        jump: "b",
      },
      {
        label: "Goals",
        to: "/goals",
        icon: icons.FlagIcon,
        permission: ["dialogues.view", "flows.view"],
        jump: "g",
      },
      {
        label: "Canned responses",
        to: "/canned-responses",
        icon: icons.MessageSquareIcon,
        permission: CANNED,
      },
    ],
  },
  {
    label: "Configuration",
    entries: [
      {
        label: "Sites",
        to: "/sites",
        icon: icons.GlobeIcon,
        permission: ["admin.chatbot_settings", "admin.privacy_security"],
        jump: "s",
      },
      { label: "Attributes", to: "/attributes", icon: icons.TagsIcon, permission: "people.edit", jump: "a" },
      { label: "Users", to: "/users", icon: icons.UserRoundIcon, permission: "admin.users", jump: "u" },
      {
        label: "Profiles",
        to: "/profiles",
        icon: icons.ShieldUserIcon,
        permission: "admin.users",
        jump: "r",
      },
      { label: "API tokens", to: "/tokens", icon: icons.KeyRoundIcon, permission: "admin.users", jump: "t" },
      {
        label: "Outbox",
        to: "/outbox",
        icon: icons.SendIcon,
        permission: ["admin.integrations", "admin.users"],
        jump: "o",
      },
      {
        label: "Audit log",
        to: "/audit-log",
        icon: icons.ScrollTextIcon,
        permission: "admin.audit_log",
        jump: "y",
      },
    ],
  },
];

/** Not in the navigation but on the person's own menu; the palette knows it, too. */
export const mine: Entry = { label: "My profile", to: "/me", icon: icons.UserRoundIcon, jump: "m" };

export interface Action {
  label: string;
  /** Address inside the console, with what it should open. */
  href: string;
  icon: LucideIcon;
  permission?: string | readonly string[];
}

/** What the command palette can start, besides opening a screen. */
export const actions: readonly Action[] = [
  {
    label: "Live board",
    href: "/inbox/board",
    icon: icons.HeadsetIcon,
    permission: "livechat.view_all",
  },
  {
    label: "New dialogue",
    href: "/dialogues?new=true",
    icon: icons.PlusIcon,
    permission: "dialogues.manage",
  },
  { label: "New flow", href: "/flows?new=true", icon: icons.PlusIcon, permission: "flows.manage" },
  {
    label: "Add a document from an address",
    href: "/documents?new=true",
    icon: icons.FileTextIcon,
    permission: ["dialogues.manage", "flows.manage"],
  },
  {
    label: "New goal",
    href: "/goals?new=true",
    icon: icons.FlagIcon,
    permission: ["dialogues.manage", "flows.manage"],
  },
  { label: "New site", href: "/sites?new=true", icon: icons.PlusIcon, permission: "admin.chatbot_settings" },
  { label: "New person", href: "/people/new", icon: icons.UserPlusIcon, permission: "people.edit" },
  { label: "Import people", href: "/imports/new", icon: icons.UploadIcon, permission: "people.import" },
  { label: "New list", href: "/lists?new=true", icon: icons.PlusIcon, permission: "people.edit" },
  { label: "New attribute", href: "/attributes?new=true", icon: icons.PlusIcon, permission: "people.edit" },
  { label: "Invite a user", href: "/users?new=true", icon: icons.MailIcon, permission: "admin.users" },
  { label: "New profile", href: "/profiles/new", icon: icons.PlusIcon, permission: "admin.users" },
  { label: "New API token", href: "/tokens?new=true", icon: icons.PlusIcon, permission: "admin.users" },
];
