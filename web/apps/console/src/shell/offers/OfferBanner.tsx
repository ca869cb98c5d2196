import { Button, Group, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ApiProblem, type ChatView, type Offer } from "@usher/api";
import { useEffect, useState } from "react";
import { api } from "#lib/api/client.ts";
import { allows, useMe } from "#lib/api/session.ts";
import { useCalls, whoIs } from "#lib/live/alerts.ts";
import { useDesk, useStanding } from "#lib/live/Live.tsx";
import { open, secondsLeft } from "#lib/live/offers.ts";
import { KEYS, liveMeQuery } from "#lib/live/queries.ts";
import { notifyProblem } from "#lib/ui/notify.ts";
import { Keys } from "#lib/ui/Shown.tsx";
import { useShortcut } from "#lib/ui/shortcuts.ts";
import { OfferedWords } from "./OfferedWords.tsx";
import classes from "./offers.module.css";

const ACCEPT = "f2";
const DECLINE = "shift+f2";
const GROUP = { group: "A chat is offered", whileTyping: true } as const;

/** Chats that one is asked to take: on every screen, until they are answered or the time is over. */
export function OfferBanner() {
  const me = useMe();
  const agent = allows(me, "agent.livechat_availability");
  const { data } = useQuery({ ...liveMeQuery, enabled: agent, retry: false });
  const { ahead } = useStanding();
  const now = useNow(data !== undefined && data.offers.length > 0) + ahead;
  const offers = open(data?.offers ?? [], now);
  const answer = useAnswer();
  const first = offers[0];
  useCalls(offers, answer.accept);
  useShortcut(ACCEPT, "Take the chat", () => first && answer.accept(first), {
    ...GROUP,
    active: first !== undefined,
  });
  useShortcut(DECLINE, "Decline the chat", () => first && answer.decline(first), {
    ...GROUP,
    active: first !== undefined,
  });
  return (
    <section className={classes.offers} aria-label="Chats offered to you">
      {/* There before anything comes into it, so that it is read out. */}
      <p role="alert" className={classes.unseen}>
        {first
          ? `${whoIs(first.person)} asks for a chat. F2 takes it, Shift F2 declines. ${first.seconds} seconds.`
          : ""}
      </p>
      {offers.map((offer) => (
        <OfferCard
          key={offer.chat_id}
          offer={offer}
          left={secondsLeft(offer, now)}
          keys={offer === first}
          busy={answer.busy}
          onAccept={() => answer.accept(offer)}
          onDecline={() => answer.decline(offer)}
        />
      ))}
    </section>
  );
}

interface CardProps {
  offer: Offer;
  left: number;
  /** The keys mean this one. */
  keys: boolean;
  busy: boolean;
  onAccept: () => void;
  onDecline: () => void;
}

function OfferCard({ offer, left, keys, busy, onAccept, onDecline }: CardProps) {
  const { person, from, role } = offer;
  return (
    <article className={classes.offer} aria-label={`Chat with ${whoIs(person)}`}>
      <progress
        className={classes.time}
        max={offer.seconds}
        value={left}
        aria-label="Time left"
        data-short={left <= 20 || undefined}
      />
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
        <div className={classes.who}>
          <Text fw={600} dir="auto" truncate>
            {whoIs(person)}
          </Text>
          <Text size="xs" c="dimmed" dir="auto" truncate>
            {[person.company, offer.site_name, offer.dialogue_name].filter(Boolean).join(" · ")}
          </Text>
          <Text size="xs" c="dimmed" dir="auto" truncate title={offer.page_url}>
            {offer.page_url}
          </Text>
        </div>
        <Text component="span" className={`${classes.left} tabular`} data-short={left <= 20 || undefined}>
          {left} s
        </Text>
      </Group>
      {from ? (
        <p className={classes.note} dir="auto">
          <b>{role === "guest" ? `${from.name} asks you to join` : `${from.name} hands over`}</b>
          {offer.note ? `: ${offer.note}` : null}
        </p>
      ) : null}
      <OfferedWords said={offer.said} />
      <Group gap="xs" wrap="nowrap">
        <Button
          flex={1}
          loading={busy}
          onClick={onAccept}
          rightSection={keys ? <Keys keys={ACCEPT} /> : null}
        >
          {role === "guest" ? "Join" : "Accept"}
        </Button>
        <Button variant="default" disabled={busy} onClick={onDecline}>
          Decline
        </Button>
      </Group>
    </article>
  );
}

/** Accepting and declining; whoever comes second is told who was faster. */
function useAnswer() {
  const desk = useDesk();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const settle = (offer: Offer) => {
    desk.dropOffer(offer.chat_id);
    void queries.invalidateQueries({ queryKey: KEYS.lists });
  };
  const accept = useMutation({
    mutationFn: (offer: Offer) => api.post<ChatView>(`/chats/${offer.chat_id}/accept`, {}),
    onSuccess: (chat, offer) => {
      desk.tookChat(chat);
      settle(offer);
      void navigate({ to: "/inbox", search: { chat: chat.id } });
    },
    onError: (error, offer) => {
      if (error instanceof ApiProblem && error.status < 500 && !error.isOffline) settle(offer);
      notifyProblem("The chat is not yours", error);
    },
  });
  const decline = useMutation({
    mutationFn: (offer: Offer) => api.post(`/chats/${offer.chat_id}/decline`, {}),
    onSuccess: (_, offer) => settle(offer),
    onError: (error) => notifyProblem("The chat was not declined", error),
  });
  return {
    busy: accept.isPending,
    accept: (offer: Offer) => {
      if (!accept.isPending) accept.mutate(offer);
    },
    decline: (offer: Offer) => decline.mutate(offer),
  };
}

/** The time, every quarter of a second while it matters. */
function useNow(matters: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!matters) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [matters]);
  return now;
}
