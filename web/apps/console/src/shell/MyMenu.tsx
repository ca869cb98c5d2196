import { Avatar, Menu, Text, UnstyledButton } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { Me, ThemeChoice } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { allows, sessionQuery, useMe } from "#lib/api/session.ts";
import { CHATS } from "#lib/live/Live.tsx";
import {
  BellIcon,
  CalendarClockIcon,
  CheckIcon,
  LogOutIcon,
  MonitorIcon,
  MoonIcon,
  SunIcon,
  UserRoundIcon,
} from "#lib/ui/icons.ts";
import { notifyProblem } from "#lib/ui/notify.ts";
import classes from "./frame.module.css";

const THEMES = [
  { value: "light", label: "Light", icon: SunIcon },
  { value: "dark", label: "Dark", icon: MoonIcon },
  { value: "auto", label: "As the system", icon: MonitorIcon },
] as const;

const AGENT = ["agent.livechat_availability", "agent.calendar_availability"];

/** Who is signed in: profile, theme, sign-out. */
export function MyMenu({ onGo }: { onGo: (() => void) | undefined }) {
  const me = useMe();
  const queries = useQueryClient();
  const navigate = useNavigate();

  const choose = async (theme: ThemeChoice) => {
    const before = me;
    queries.setQueryData(sessionQuery.queryKey, { ...me, user: { ...me.user, theme } });
    try {
      queries.setQueryData(sessionQuery.queryKey, await api.patch<Me>("/me", { theme }));
    } catch (error) {
      queries.setQueryData(sessionQuery.queryKey, before);
      notifyProblem("The theme was not kept", error);
    }
  };
  const signOut = async () => {
    try {
      await api.delete("/session");
      await navigate({ to: "/sign-in", search: {} });
      queries.clear();
    } catch (error) {
      notifyProblem("You are still signed in", error);
    }
  };
  return (
    <Menu position="top-start" width={224}>
      <Menu.Target>
        <UnstyledButton className={classes.me}>
          <Avatar size={24} radius="xl" name={me.user.name} color="accent" alt="" />
          <Text size="sm" truncate dir="auto">
            {me.user.name}
          </Text>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <span dir="auto">{me.user.email}</span>
        </Menu.Label>
        <Menu.Item component={Link} to="/me" leftSection={<UserRoundIcon size={16} />} onClick={onGo}>
          My profile
        </Menu.Item>
        {allows(me, AGENT) ? (
          <Menu.Item
            component={Link}
            to="/me/availability"
            leftSection={<CalendarClockIcon size={16} />}
            onClick={onGo}
          >
            My availability
          </Menu.Item>
        ) : null}
        {allows(me, CHATS) ? (
          <Menu.Item
            component={Link}
            to="/me/notifications"
            leftSection={<BellIcon size={16} />}
            onClick={onGo}
          >
            My notifications
          </Menu.Item>
        ) : null}
        <Menu.Divider />
        {THEMES.map(({ value, label, icon: Icon }) => (
          <Menu.Item
            key={value}
            closeMenuOnClick={false}
            leftSection={<Icon size={16} />}
            rightSection={me.user.theme === value ? <CheckIcon size={14} /> : null}
            aria-current={me.user.theme === value || undefined}
            onClick={() => void choose(value)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<LogOutIcon size={16} />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
