import type { Texts } from "../languages/en.ts";
import { draw } from "./dom.ts";
import { Icon } from "./icons.tsx";

const WIDER = "M9 4H4v5m16 0V4h-5m0 16h5v-5M4 15v5h5";
const NARROWER = "M4 9h5V4m6 0v5h5m0 6h-5v5m-6 0v-5H4";

type Props = {
  address: string;
  name: string;
  state: "coming" | "there" | "failed";
  wide: boolean;
  t: Texts;
  widen(): void;
  close(): void;
};

/** The frame with the viewer, and above it what does not depend on the frame. */
export const drawReader = (
  box: HTMLElement,
  { address, name, state, wide, t, widen, close }: Props,
): void => {
  const widenWords = wide ? t.narrower : t.full_screen;
  draw(box, [
    <header class="header">
      <h2 dir="auto">{name}</h2>
      <button type="button" class="icon" aria-label={widenWords} title={widenWords} onclick={widen}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d={wide ? NARROWER : WIDER} />
        </svg>
      </button>
      <button
        type="button"
        class="icon"
        aria-label={t.close_document}
        title={t.close_document}
        onclick={close}
      >
        <Icon of="close" />
      </button>
    </header>,
    state === "failed" ? (
      <p class="failed" role="alert">
        {t.failed}{" "}
        <a href={address} target="_blank" rel="noopener noreferrer">
          {name}
          <span class="sr"> ({t.new_tab})</span>
        </a>
      </p>
    ) : (
      <iframe src={address} title={name} />
    ),
  ]);
};
