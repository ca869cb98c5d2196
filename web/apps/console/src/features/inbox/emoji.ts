/** Signs for the composer, each with the words by which it is found; those that are used most come first. */
const LIST = `
😀 grin smile happy|🙂 smile friendly|😊 smile blush warm|😄 laugh happy|😅 sweat relief phew|😂 tears joy laugh|🤣 rolling laugh
😉 wink|😍 love heart eyes|🤩 star excited wow|🥳 party celebrate|😎 cool sunglasses|🤗 hug|🤔 think hmm|🤨 doubt eyebrow
😐 neutral|😬 grimace awkward|🙄 eyes roll|😌 relieved calm|😴 sleep tired|😕 confused|🙁 sad frown|😢 cry sad|😭 sob cry
😮 surprise oh|😱 shock scream|😤 huff|😡 angry|🤯 mind blown|🥺 please plead|🤒 ill sick|🤫 quiet secret|🫡 salute yes
👍 thumbs up yes good|👎 thumbs down no bad|👌 ok perfect|👏 clap bravo|🙌 hooray raise|🙏 thanks please pray|🤝 handshake deal agree
👋 wave hello bye|✌️ peace victory|🤞 fingers crossed luck|💪 strong muscle|👉 point right|👇 point down|☝️ point up|✍️ write
❤️ heart love red|🧡 heart orange|💛 heart yellow|💚 heart green|💙 heart blue|💜 heart purple|💔 heart broken|💯 hundred perfect
🎉 party confetti celebrate|🎊 confetti|🎁 gift present|🏆 cup win trophy|🥇 first medal gold|⭐ star|🌟 star glow|✨ sparkles new|🔥 fire hot
🚀 rocket launch fast|💡 idea bulb|📌 pin|📎 paper clip attach|📷 camera photo|📞 phone call|📱 mobile phone|💻 laptop computer|🖨️ printer
📧 mail e-mail|📨 mail incoming|📦 package parcel delivery|🚚 truck delivery|🛒 cart shop buy|💳 card pay|💶 money euro|💵 money dollar
🧾 receipt bill invoice|📄 page document|📝 note memo|📊 chart figures|📈 growth up|📉 down loss|📅 calendar date|⏰ alarm clock time
⏳ wait hourglass|⌛ done hourglass|🔍 search look|🔒 lock secure|🔑 key|🔧 tool wrench repair|⚙️ settings gear|🛠️ tools|🧰 toolbox
✅ check done yes|☑️ tick box|❌ cross no|⚠️ warning careful|❗ important exclamation|❓ question|ℹ️ information|🆕 new|🆗 ok|🔝 top
➡️ arrow right|⬅️ arrow left|⬆️ arrow up|⬇️ arrow down|🔄 again refresh|🔔 bell|🔇 mute|👀 look eyes|🧐 look closely|🤖 robot bot
☀️ sun weather|🌤️ sun cloud|☁️ cloud|🌧️ rain|⛈️ storm|❄️ snow cold|🌈 rainbow|🌍 world earth|🏠 house home|🏢 office building|🏭 factory
🚗 car|🚆 train|✈️ plane flight|⛵ boat sail|🚲 bicycle|☕ coffee|🍵 tea|🍰 cake|🍕 pizza|🍎 apple|🍻 cheers beer|🥂 cheers toast
🌱 plant grow|🌻 flower sun|🌹 rose flower|💐 flowers bouquet|🐶 dog|🐱 cat|🐝 bee|🐢 slow turtle|🦊 fox|🎓 graduate learn|🎵 music|⚽ football
`;

export interface Emoji {
  sign: string;
  words: string;
}

export const EMOJI: readonly Emoji[] = LIST.trim()
  .split(/[|\n]/)
  .map((entry) => {
    const at = entry.indexOf(" ");
    return { sign: entry.slice(0, at), words: entry.slice(at + 1) };
  });

/** Those of which every word that was typed begins one of the words. */
export function findEmoji(typed: string): readonly Emoji[] {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return EMOJI.filter(({ words }) => {
    const own = words.split(" ");
    return wanted.every((one) => own.some((word) => word.startsWith(one)));
  });
}
