/** The few signs that the chat needs, as paths in a square of 24, drawn with the text's colour. */
const PATHS = {
  close: "m6 6 12 12M18 6 6 18",
  again: "M4 12a8 8 0 1 0 2.6-5.9M4 4v4.5h4.5",
  send: "M5 12h14m-6-6 6 6-6 6",
  document: "M14 3v5h5M7 3h7l5 5v13H7a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2Z",
  wait: "M12 7v5l3 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
};

export const Icon = ({ of }: { of: keyof typeof PATHS }) => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path d={PATHS[of]} />
  </svg>
);
