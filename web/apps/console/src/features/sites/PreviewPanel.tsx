import type { SiteStyle } from "@usher/api";
import { PreviewAvatar } from "./PreviewAvatar.tsx";
import classes from "./preview.module.css";

const RESPONSES = ["I have a question", "Book a demo", "Just looking"];

/** The open panel: messages of both sides and the buttons of a question. */
export function PreviewPanel({ style }: { style: SiteStyle }) {
  return (
    <div className={classes.panel}>
      <div className={classes.header}>
        <PreviewAvatar style={style} />
        <span className={classes.botName} dir="auto">
          {style.bot_name}
        </span>
      </div>
      <div className={classes.messages}>
        <div className={classes.bot}>Hello! Can I help you find something?</div>
        <div className={classes.visitor}>What does it cost?</div>
        <div className={classes.bot}>
          That depends on the plan. <u>See the prices</u>, or tell me more:
        </div>
        <div className={classes.responses}>
          {RESPONSES.map((one) => (
            <span key={one} className={classes.response}>
              {one}
            </span>
          ))}
        </div>
      </div>
      <div className={classes.composer}>
        <span>Write a message…</span>
        <span className={classes.send} aria-hidden="true">
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M5 12h13M12.5 6l6 6-6 6" />
          </svg>
        </span>
      </div>
    </div>
  );
}
