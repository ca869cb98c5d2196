/** What a text may hold in the editor: paragraphs, lists, bold, italic, links, line breaks, tokens. */
import { Mark, markInputRule, Node, nodeInputRule } from "@tiptap/core";
import { BulletList, ListItem, OrderedList } from "@tiptap/extension-list";

const Doc = Node.create({ name: "doc", topNode: true, content: "block+" });

const Paragraph = Node.create({
  name: "paragraph",
  group: "block",
  content: "inline*",
  parseHTML: () => [{ tag: "p" }],
  renderHTML: () => ["p", { dir: "auto" }, 0],
});

const Text = Node.create({ name: "text", group: "inline" });

const HardBreak = Node.create({
  name: "hardBreak",
  group: "inline",
  inline: true,
  selectable: false,
  parseHTML: () => [{ tag: "br" }],
  renderHTML: () => ["br"],
  addKeyboardShortcuts() {
    return { "Shift-Enter": () => this.editor.commands.insertContent({ type: "hardBreak" }) };
  },
});

const Bold = Mark.create({
  name: "bold",
  parseHTML: () => [{ tag: "strong" }],
  renderHTML: () => ["strong", 0],
  addKeyboardShortcuts() {
    return { "Mod-b": () => this.editor.commands.toggleMark("bold") };
  },
  addInputRules() {
    return [markInputRule({ find: /(?:^|\s)(\*\*(?!\s)([^*]+)\*\*)$/, type: this.type })];
  },
});

const Italic = Mark.create({
  name: "italic",
  parseHTML: () => [{ tag: "em" }],
  renderHTML: () => ["em", 0],
  addKeyboardShortcuts() {
    return { "Mod-i": () => this.editor.commands.toggleMark("italic") };
  },
  addInputRules() {
    return [markInputRule({ find: /(?:^|\s)(\*(?!\s|\*)([^*]+)\*)$/, type: this.type })];
  },
});

/** Without an address of its own: in the editor a link is not followed. */
const Link = Mark.create({
  name: "link",
  inclusive: false,
  addAttributes: () => ({ href: { default: null, rendered: false } }),
  renderHTML: ({ mark }) => ["span", { class: "rich-link", title: String(mark.attrs.href ?? "") }, 0],
});

export interface TokenOptions {
  /** What is shown of a token: `person.first_name:"there"` → `First name`. */
  name: (inner: string) => string;
}

export const Token = Node.create<TokenOptions>({
  name: "token",
  group: "inline",
  inline: true,
  atom: true,
  selectable: true,
  addOptions: () => ({ name: (inner: string) => inner }),
  addAttributes: () => ({ inner: { default: "", rendered: false } }),
  renderHTML({ node }) {
    const inner = String(node.attrs.inner ?? "");
    return ["span", { class: "rich-token", title: `{{${inner}}}` }, this.options.name(inner)];
  },
  renderText: ({ node }) => `{{${String(node.attrs.inner ?? "")}}}`,
  addInputRules() {
    // The whole of the token stands in the group: only what is in it is replaced.
    const written = (match: RegExpMatchArray) => ({ inner: (match[1] ?? "").slice(2, -2) });
    return [nodeInputRule({ find: /(\{\{[^{}]+\}\})$/, type: this.type, getAttributes: written })];
  },
});

export function extensionsOf(token: TokenOptions) {
  return [
    Doc,
    Paragraph,
    Text,
    HardBreak,
    Bold,
    Italic,
    Link,
    BulletList,
    OrderedList,
    ListItem.extend({ content: "paragraph" }),
    Token.configure(token),
  ];
}
