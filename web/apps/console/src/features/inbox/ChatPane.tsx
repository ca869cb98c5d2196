import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ApiProblem, type ChatView } from "@usher/api";
import { chatQuery } from "#lib/live/queries.ts";
import { SplitIcon } from "#lib/ui/icons.ts";
import { Empty, Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { ChatHead } from "./ChatHead.tsx";
import { Conversation } from "./Conversation.tsx";
import classes from "./inbox.module.css";
import { VisitorPanel } from "./VisitorPanel.tsx";

const route = getRouteApi("/frame/inbox");

/** The open chat and its visitor. */
export function ChatPane({ id }: { id: string }) {
  const chat = useQuery(chatQuery(id));
  const gone = chat.error instanceof ApiProblem && chat.error.status === 404;
  if (chat.data && !gone) return <Opened chat={chat.data} />;
  return (
    <section className={classes.middle} aria-label="Conversation">
      {gone && chat.data ? (
        <Empty icon={SplitIcon} title="This chat is with somebody else now">
          You see it again once it is over.
        </Empty>
      ) : chat.error ? (
        <Failed error={chat.error} what="This chat could not be read" retry={() => void chat.refetch()} />
      ) : (
        <LinesSkeleton />
      )}
    </section>
  );
}

function Opened({ chat }: { chat: ChatView }) {
  const navigate = route.useNavigate();
  const step = (change: { chat?: undefined; step?: "visitor" }) =>
    void navigate({ search: (before) => ({ ...before, step: undefined, ...change }), replace: true });
  return (
    <>
      <section className={classes.middle} aria-label="Conversation">
        <ChatHead
          chat={chat}
          onBack={() => step({ chat: undefined })}
          onVisitor={() => step({ step: "visitor" })}
        />
        <Conversation chat={chat} />
      </section>
      <aside className={classes.right} aria-label="Visitor">
        <VisitorPanel chat={chat} onBack={() => step({})} />
      </aside>
    </>
  );
}
