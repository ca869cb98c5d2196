// A push service and the browsers behind it, for tests: makes subscriptions, takes what is pushed to them as RFC 8030
// says, checks who sent it (RFC 8292) and opens it (RFC 8291, RFC 8188). Written against the standards with what Node
// brings, so that it shares no code with the server. Prints `{"port": …}` once it listens; ends with its standard input.

import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from "node:crypto";
import { createServer } from "node:http";

const subscriptions = new Map();
const decode = (text) => Buffer.from(text, "base64url");

/** Makes a browser's subscription for a server's key. */
function subscribe({ server_key }) {
  const keys = createECDH("prime256v1");
  const id = randomBytes(9).toString("base64url");
  const auth = randomBytes(16);
  keys.generateKeys();
  subscriptions.set(id, { keys, auth, server_key, messages: [], replies: [] });
  const endpoint = `${origin()}/push/${id}`;
  return { id, endpoint, p256dh: keys.getPublicKey("base64url"), auth: auth.toString("base64url") };
}

/** Who signed, or why nobody did. */
function signer(header, key) {
  const [, token, own] = /^vapid t=([^,\s]+), ?k=([\w-]+)$/.exec(header ?? "") ?? [];
  if (!token) return { error: "no vapid authorization" };
  if (own !== key) return { error: "another key than the one that was subscribed for" };
  const [head, body, signature] = token.split(".");
  const point = decode(own);
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString("base64url"));
  const public_key = createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  const signed = Buffer.from(`${head}.${body}`);
  const options = { key: public_key, dsaEncoding: "ieee-p1363" };
  if (JSON.parse(decode(head)).alg !== "ES256" || !verify("sha256", signed, options, decode(signature))) {
    return { error: "the signature is wrong" };
  }
  const claims = JSON.parse(decode(body));
  if (claims.aud !== origin()) return { error: `signed for ${claims.aud}` };
  if (!/^(mailto:|https:)/.test(claims.sub)) return { error: "nobody to be reached" };
  return { claims };
}

function open({ keys, auth }, message) {
  const salt = message.subarray(0, 16);
  const record = message.readUInt32BE(16);
  const sender = message.subarray(21, 21 + message[20]);
  const sealed = message.subarray(21 + message[20]);
  if (sealed.length > record) throw new Error("more than one record");
  const about = Buffer.concat([Buffer.from("WebPush: info\0"), keys.getPublicKey(), sender]);
  const derive = (from, secret, info, length) => Buffer.from(hkdfSync("sha256", secret, from, info, length));
  const secret = derive(auth, keys.computeSecret(sender), about, 32);
  const key = derive(salt, secret, "Content-Encoding: aes128gcm\0", 16);
  const nonce = derive(salt, secret, "Content-Encoding: nonce\0", 12);
  const cipher = createDecipheriv("aes-128-gcm", key, nonce).setAuthTag(sealed.subarray(-16));
  const padded = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
  const end = padded.findLastIndex((byte) => byte !== 0);
  if (padded[end] !== 2) throw new Error("not the last record");
  return padded.subarray(0, end).toString();
}

function take(subscription, request, body) {
  const planned = subscription.replies.shift();
  if (planned) return [planned, {}];
  const { error, claims } = signer(request.headers.authorization, subscription.server_key);
  if (error) return [403, { error }];
  if (request.headers["content-encoding"] !== "aes128gcm") return [415, { error: "another coding" }];
  if (!/^\d+$/.test(request.headers.ttl ?? "")) return [400, { error: "no TTL" }];
  if (body.length > 4096) return [413, { error: "too long" }];
  const { ttl, urgency, topic } = request.headers;
  const content = open(subscription, body);
  subscription.messages.push({ ttl: Number(ttl), urgency, topic, claims, content: JSON.parse(content) });
  return [201, {}];
}

function answer(request, body) {
  const [, kind, id, more] = request.url.split("/");
  if (kind === "subscriptions" && !id) return [200, subscribe(JSON.parse(body))];
  const subscription = subscriptions.get(id);
  if (!subscription) return [404, {}];
  if (kind === "push") return take(subscription, request, body);
  if (more === "replies") {
    subscription.replies = JSON.parse(body).statuses;
    return [200, {}];
  }
  return [200, { messages: subscription.messages }];
}

const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  let [status, content] = [400, {}];
  try {
    [status, content] = answer(request, Buffer.concat(parts));
  } catch (error) {
    content = { error: String(error) };
  }
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(content));
});
const origin = () => `http://127.0.0.1:${server.address().port}`;
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
process.stdin.on("end", () => process.exit(0)).resume();
