import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from "react";
import { allows, useMe } from "#lib/api/session.ts";
import { LiveDesk, type Standing, type Thread } from "./desk.ts";
import { onLed, pushAgain } from "./push.ts";
import type { Outgoing, Sender } from "./sender.ts";

/** Who sees chats, or takes them. */
export const CHATS = ["livechat.view_own", "livechat.view_all", "agent.livechat_availability"];

const Desk = createContext<LiveDesk | null>(null);

const connect = () => {
  const url = new URL("/api/v1/socket", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  return new WebSocket(url) as never;
};

/** The socket of this tab, for everybody who has to do with chats. */
export function Live({ children }: { children: ReactNode }) {
  const me = useMe();
  const queries = useQueryClient();
  const [desk] = useState(() => new LiveDesk(queries, connect));
  const wanted = allows(me, CHATS);
  useEffect(() => (wanted ? desk.start() : undefined), [desk, wanted]);
  usePushed(me.user.id, wanted);
  return <Desk.Provider value={desk}>{children}</Desk.Provider>;
}

/** Goes on taking what is pushed, and goes where it leads. */
function usePushed(user: string, wanted: boolean): void {
  const router = useRouter();
  useEffect(() => {
    // What fails here fails again, and is told, on the screen where it is switched on.
    if (wanted) void pushAgain(user).catch(() => undefined);
  }, [user, wanted]);
  useEffect(() => onLed((path) => router.history.push(path)), [router]);
}

export function useDesk(): LiveDesk {
  const desk = useContext(Desk);
  if (desk === null) throw new Error("only below the frame");
  return desk;
}

export function useStanding(): Standing {
  const desk = useDesk();
  return useSyncExternalStore(desk.subscribe, desk.standing);
}

/** The messages of a chat, kept current while it is on the screen. */
export function useThread(chat: string, conversation: string): Thread {
  const desk = useDesk();
  useEffect(() => desk.follow(chat, conversation), [desk, chat, conversation]);
  return useSyncExternalStore(desk.subscribe, () => desk.thread(conversation));
}

/** What one writes in a chat, and what of it is not there yet. */
export function useSender(
  chat: string,
  conversation: string,
): { sender: Sender; unsent: readonly Outgoing[] } {
  const desk = useDesk();
  const sender = useMemo(() => desk.sender(chat, conversation), [desk, chat, conversation]);
  const unsent = useSyncExternalStore(desk.subscribe, sender.unsent);
  return { sender, unsent };
}
