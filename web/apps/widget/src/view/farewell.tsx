import { fill } from "../languages/fill.ts";
import type { LiveUi } from "./live-ui.ts";

const STARS = [1, 2, 3, 4, 5];

/** After a chat: how it was, and the transcript by mail. Neither has to be answered. */
export const Farewell = (ui: LiveUi) => (
  <div class="card farewell">
    {ui.live.chat.rated === null && ui.live.rating !== "done" ? (
      <Rating {...ui} />
    ) : (
      <p role="status">{ui.w.thanks}</p>
    )}
    <Transcript {...ui} />
  </div>
);

const Rating = ({ live, state, given, w, t, redraw }: LiveUi) => (
  <form
    aria-label={w.rate}
    onsubmit={(event) => {
      event.preventDefault();
      if (given.stars) state.rate(given.stars, given.comment.trim());
    }}
  >
    <fieldset class="stars">
      <legend>{w.rate}</legend>
      {STARS.map((count) => (
        <label class={count <= given.stars ? "star on" : "star"}>
          <input
            type="radio"
            name="usher-rating"
            value={`${count}`}
            checked={count === given.stars}
            onchange={() => {
              given.stars = count;
              redraw();
            }}
          />
          <span class="sr">{fill(w.star, { count })}</span>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="m12 3 2.8 5.7 6.2.9-4.5 4.4 1.1 6.2-5.6-3-5.6 3 1.1-6.2L3 9.6l6.2-.9z" />
          </svg>
        </label>
      ))}
    </fieldset>
    {given.stars > 0 && (
      <div class="field">
        <label for="usher-comment">{w.comment}</label>
        <textarea
          id="usher-comment"
          rows="2"
          dir="auto"
          maxlength="1000"
          value={given.comment}
          oninput={({ currentTarget }) => {
            given.comment = currentTarget.value;
          }}
        />
      </div>
    )}
    {live.rating === "failed" && (
      <p class="error" role="alert">
        {t.failed}
      </p>
    )}
    {given.stars > 0 && (
      <div class="card-actions">
        <button type="submit" class="primary" disabled={live.rating === "sending"}>
          {t.send}
        </button>
      </div>
    )}
  </form>
);

const Transcript = ({ live, state, given, w, t, redraw }: LiveUi) => {
  if (live.mailing === "done") return <p role="status">{fill(w.mailed, { email: live.mailedTo })}</p>;
  if (!given.mail) {
    return (
      <button
        type="button"
        class="change"
        onclick={() => {
          given.mail = true;
          redraw();
        }}
      >
        {w.transcript}
      </button>
    );
  }
  return (
    <form
      aria-label={w.transcript}
      novalidate
      onsubmit={(event) => {
        event.preventDefault();
        if (given.email.trim()) state.mail(given.email.trim());
      }}
    >
      <div class="field">
        <label for="usher-mail">{w.email}</label>
        <input
          id="usher-mail"
          type="email"
          autocomplete="email"
          value={given.email}
          aria-invalid={live.mailing === "failed"}
          aria-describedby={live.mailing === "failed" && "usher-mail-wrong"}
          oninput={({ currentTarget }) => {
            given.email = currentTarget.value;
          }}
        />
        {live.mailing === "failed" && (
          <p class="error" id="usher-mail-wrong" role="alert">
            {w.not_mailed}
          </p>
        )}
      </div>
      <div class="card-actions">
        <button type="submit" class="primary" disabled={live.mailing === "sending"}>
          {t.send}
        </button>
      </div>
    </form>
  );
};
