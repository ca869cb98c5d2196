/**
 * Files in a chat, fetched with the first one. They are asked for with the visitor's token in a header, as everything is,
 * and pictures are painted: no address leads to them, and the page's policy need not allow any.
 */
import { fileWords } from "../languages/files.ts";
import { fill } from "../languages/fill.ts";
import type { Core } from "../loader/core.ts";
import { addStyle } from "../loader/style.ts";
import type { Attachment, Message } from "../protocol.ts";
import type { Talk } from "../state/talk.ts";
import { createUploads, type Upload } from "../state/uploads.ts";
import css from "./files.css?inline";
import { Icon } from "./icons.tsx";
import type { Files } from "./live-ui.ts";

/** The longest side of a picture in the conversation. */
const SIDE = 220;
const TYPES = "image/png,image/jpeg,image/gif,image/webp,application/pdf";
/** An answer that takes longer than this will not come. */
const PATIENCE_MS = 300_000;

const styled = new WeakSet<Node>();
const style = (element: HTMLElement) => {
  const shadow = element.getRootNode();
  if (styled.has(shadow) || !(shadow instanceof ShadowRoot)) return;
  styled.add(shadow);
  addStyle(shadow, css);
};

type Setting = { core: Core; talk: Talk; changed(): void };

export const createFiles = ({ core, talk, changed }: Setting): Files => {
  const w = fileWords(talk.config.language);
  /** What is here already: fetched, or the visitor's own. */
  const held = new Map<string, Promise<Blob>>();

  const address = (rest: string) => {
    const query = `${rest.includes("?") ? "&" : "?"}site=${encodeURIComponent(core.key)}`;
    const path = `../api/visitor/v1/conversations/${talk.about().id}/attachments${rest}${query}`;
    return new URL(path, import.meta.url).href;
  };
  /** Sends, or fetches when there is nothing to be sent. */
  const ask = (rest: string, body: FormData | null, onShare?: (share: number) => void) =>
    new Promise<XMLHttpRequest>((done) => {
      const request = new XMLHttpRequest();
      request.open(body ? "POST" : "GET", address(rest));
      request.setRequestHeader("X-Usher-Visitor", core.read("token") ?? "");
      if (!body) request.responseType = "blob";
      request.timeout = PATIENCE_MS;
      request.upload.onprogress = ({ loaded, total }) => onShare?.(loaded / total);
      request.onloadend = () => done(request);
      request.send(body);
    });

  const uploads = createUploads({
    async send({ client_id, file }: Upload, onShare) {
      const form = new FormData();
      form.set("file", file, file.name);
      held.set(client_id, Promise.resolve(file));
      return (await ask(`?client_id=${client_id}`, form, onShare)).status;
    },
    uuid: core.uuid,
    sent: () => talk.refresh(),
    changed,
  });

  const content = (message: Message, { id }: Attachment): Promise<Blob> => {
    const own = held.get(message.client_id ?? "") ?? held.get(id);
    if (own) return own;
    const fetched = ask(`/${id}`, null).then(({ status, response }) => {
      if (status === 200) return response as Blob;
      // Looking again tries again.
      held.delete(id);
      throw new Error(`${status}`);
    });
    held.set(id, fetched);
    return fetched;
  };
  const save = async (message: Message, file: Attachment) => {
    try {
      const url = URL.createObjectURL(await content(message, file));
      const link = Object.assign(document.createElement("a"), { href: url, download: file.name });
      link.click();
      // Not before the browser has begun to save it.
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    } catch {
      // It is still there to be saved another time.
    }
  };
  const paint = async (canvas: HTMLCanvasElement, message: Message, file: Attachment) => {
    if (canvas.dataset.painted) return;
    canvas.dataset.painted = file.id;
    canvas.style.width = `${fitted(file)[0]}px`;
    try {
      const picture = await createImageBitmap(await content(message, file));
      canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    } catch {
      delete canvas.dataset.painted;
    }
  };
  const take = (event: Event, data: DataTransfer | null) => {
    if (!data?.files.length) return;
    event.preventDefault();
    uploads.add(data.files);
  };

  return {
    show(message) {
      const file = message.attachment as Attachment;
      const { name, width } = file;
      const [wide, high] = fitted(file);
      return (
        <button
          type="button"
          class={width ? "sent picture" : "sent"}
          aria-label={fill(w.save, { name })}
          onclick={() => save(message, file)}
          drawn={style}
        >
          {width ? (
            <canvas
              width={wide * 2}
              height={high * 2}
              drawn={(canvas: HTMLCanvasElement) => paint(canvas, message, file)}
            />
          ) : (
            [<Icon of="document" />, <span dir="auto">{name}</span>]
          )}
        </button>
      );
    },
    pending: (scene) =>
      uploads.left(scene.messages).map(({ client_id: id, file, share, failed }) => (
        <div class="row visitor pending" key={id} drawn={style}>
          <div class="bubble" dir="auto">
            {file.name}
            {!failed && <progress max="1" value={share} aria-label={file.name} />}
          </div>
          {failed && (
            <p class="note unsent" role="alert">
              {w[failed]}
            </p>
          )}
          {failed && (
            <div class="unsent">
              {failed === "unsent" && (
                <button type="button" class="change" onclick={() => uploads.again(id)}>
                  {w.again}
                </button>
              )}
              <button type="button" class="change" onclick={() => uploads.drop(id)}>
                {w.remove}
              </button>
            </div>
          )}
        </div>
      )),
    stand: uploads.count,
    button: () => [
      <button
        type="button"
        class="attach"
        aria-label={w.attach}
        title={w.attach}
        drawn={style}
        onclick={({ currentTarget }) => (currentTarget.nextElementSibling as HTMLElement).click()}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="m20 11-8.5 8.5a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 4.8 4.8l-8.5 8.4a1.7 1.7 0 0 1-2.4-2.4L14.5 7.5" />
        </svg>
      </button>,
      <input
        type="file"
        hidden
        multiple
        accept={TYPES}
        onchange={({ currentTarget }) => {
          uploads.add(currentTarget.files ?? []);
          // The same file can be chosen again.
          currentTarget.value = "";
        }}
      />,
    ],
    onpaste: (event) => take(event, event.clipboardData),
    ondragover: (event) => event.preventDefault(),
    ondrop: (event) => take(event, event.dataTransfer),
  };
};

/** The place that a picture takes is known before it is there, so that nothing jumps. */
const fitted = ({ width, height }: Attachment): [number, number] => {
  const scale = Math.min(1, SIDE / Math.max(width ?? 1, height ?? 1, 1));
  const side = (pixels: number | null) => Math.max(24, Math.round((pixels ?? 1) * scale));
  return [side(width), side(height)];
};
