/** Adds a style sheet to a shadow root: one that is constructed, which no policy of the page drops. */
export const addStyle = (shadow: ShadowRoot, css: string): void => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  shadow.adoptedStyleSheets.push(sheet);
};
