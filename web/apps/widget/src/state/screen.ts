/** A screen on which the chat is a full-screen sheet. */
export const small = () => matchMedia("(max-width: 480px)").matches;
