/**
 * Greets: the first card's words beside the bubble, and the news to the server that a dialogue is on the screen.
 * Fetched by the loader once the bubble is there, and small, since every greeted visitor pays for it; the conversation
 * itself is fetched while the page is idle, or at the first click. Everything is drawn in the bubble's shadow root, so
 * that neither the page's style reaches it nor its style the page.
 */
import type { Bubble, Counted, Desk } from "./bubble.ts";
import { anchorWords as words } from "./languages/anchor.ts";
import { fill } from "./languages/fill.ts";
import type { Core, View } from "./loader/core.ts";
import type { PageResponse, ResolvedDialogue, WidgetConfig } from "./protocol.ts";
import { small } from "./state/screen.ts";
import { draw } from "./view/dom.ts";
import css from "./view/greeting.css?inline";
import { type Look, Poke } from "./view/greeting.tsx";
import { createStage } from "./view/stage.ts";

/** When a click has not fetched the conversation before, it comes at latest this many milliseconds later. */
const SOON = 5000;

export const mount = (core: Core): View => {
  const stage = createStage(core.corner(), css);
  const { bubble } = core.corner();
  let page: PageResponse | undefined;
  let seen = false;
  let look: Look = {
    present: false,
    config: null,
    open: false,
    away: false,
    unread: false,
    poke: null,
    words,
  };
  /** The dialogue that has greeted on this page. */
  let greeted: string | undefined;
  let counted: Counted | undefined;
  /** Decided while the visitor still read the end of the last conversation. */
  let later: PageResponse | undefined;
  let desk: Desk | undefined;
  let fetching: Promise<Desk> | undefined;
  /** Who has opened the chat before the conversation was here. */
  let opener: "visitor" | "page" | undefined;

  const show = (change: Partial<Look>) => {
    look = { ...look, ...change };
    const { present, config, open, away, unread, poke, words } = look;
    if (!config || !present) return stage.clear();
    stage.dress(config);
    bubble.hidden = away;
    bubble.className = `anchor ${config.position}${open ? " opened" : unread ? " unread" : ""}`;
    bubble.setAttribute("aria-label", open ? words.close : fill(words.open, { name: config.bot_name }));
    bubble.setAttribute("aria-expanded", `${open}`);
    draw(stage.greeting, poke && <Poke {...{ poke, words, config, acts }} />);
  };

  /** Fetches the conversation if it is not here yet, and lets it do something. */
  const summon = async (run?: (desk: Desk) => void) => {
    fetching ??= import("./desk.tsx").then((module) => {
      desk = module.openDesk(lent);
      if (page) desk.update(page, seen, counted);
      if (look.poke) desk.sound();
      if (opener) desk.open(opener);
      return desk;
    });
    try {
      // Awaited also when nothing is to be done with it: a failure is noticed here and nowhere else.
      const here = await fetching;
      run?.(here);
    } catch {
      // Offline: the next click tries again.
      fetching = opener = undefined;
      show({ open: false });
    }
  };
  const open = (by: "visitor" | "page") => {
    if (!look.present) return;
    show({ open: true, poke: null });
    opener = by;
    if (desk) desk.open(by);
    else summon();
  };
  const close = (by: "visitor" | "page") => {
    opener = undefined;
    if (desk) desk.close(by);
    else show({ open: false });
  };
  bubble.onclick = () => (look.open ? close("visitor") : open("visitor"));
  const acts = {
    open: () => open("visitor"),
    dismiss() {
      show({ poke: null });
      bubble.focus();
      summon((it) => it.dismissed());
    },
  };

  /** Shows a dialogue, and has its trigger counted once it is on the screen. */
  const greet = (d: ResolvedDialogue) => {
    const config = page?.widget as WidgetConfig;
    const fresh = greeted !== d.dialogue_id;
    greeted = d.dialogue_id;
    const pokes = config.poke && !d.dismissed && !look.open && (config.poke_on_mobile || !small());
    const poke = pokes ? d.poke : null;
    if (!look.open) show({ present: true, config, unread: true, poke: look.poke === poke ? poke : null });
    const body = { page_view_id: core.pageView(), dialogue_id: d.dialogue_id };
    // A moment later: what is announced has to come into a place that is already there.
    counted = soon().then(() => {
      if (greeted !== d.dialogue_id) return { status: 0, body: { conversation: null }, retryAfter: 0 };
      if (poke && !look.open) show({ poke });
      if (look.poke && fresh) desk?.sound();
      return core.call("shown", body);
    });
    if (d.conversation || !fresh) return;
    counted.then(({ status, body }) => {
      if (status !== 200 || greeted !== d.dialogue_id) return;
      const { dialogue_id: id, name } = d;
      const { id: sid = null, ui: uiType = "chatbot" as const } = body.conversation ?? {};
      core.emit("conversation_triggered", { name, id, type: "dialogue", uiType, sid });
    });
  };

  const update = (next: PageResponse, met: boolean) => {
    const { resolved } = next;
    if (desk?.reading() && resolved?.kind !== "continue") {
      later = met ? next : undefined;
      return;
    }
    page = next;
    seen = met;
    counted = undefined;
    if (resolved?.kind === "dialogue" && met) greet(resolved);
    // The dialogue that is on the screen stays there, even if another page would have let it wait.
    else if (!greeted || greeted !== (resolved as Partial<ResolvedDialogue> | null)?.dialogue_id) {
      greeted = undefined;
      const present = !!resolved && resolved.kind !== "dialogue";
      // Once the conversations are here they say what is to be seen.
      show(desk ? { poke: null } : { present, config: next.widget, unread: false, poke: null });
    }
    desk?.update(next, met, counted);
    if (!look.present) return;
    // A conversation under way may have been open on the page before.
    if (resolved?.kind === "dialogue") idle(() => summon());
    else summon();
  };

  const lent: Bubble = {
    core,
    place: stage.place,
    style: stage.style,
    show,
    redress() {
      stage.undress();
      show({});
    },
    focus: () => bubble.focus(),
    closed() {
      const next = later;
      later = undefined;
      if (next) update(next, true);
    },
    forgot() {
      greeted = undefined;
      show({ poke: null });
    },
  };

  return {
    update,
    open,
    close: () => close("page"),
    begin: (flow) => summon((it) => it.begin(flow)),
    reset() {
      page = later = greeted = undefined;
      desk?.reset();
      show({ present: false, open: false, poke: null });
    },
  };
};

const idle = (run: () => void) => {
  // Safari has no idle time.
  const later = (window as Partial<Window>).requestIdleCallback;
  if (later) later(run, { timeout: SOON });
  else setTimeout(run, 500);
};
const soon = () => new Promise<void>((settle) => setTimeout(settle, 50));
