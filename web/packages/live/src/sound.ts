/** The sounds of widget and console: made of tones, so that nothing is fetched. */
export type Sound = "none" | "chime" | "pop" | "bell" | "knock";

/** A tone: pitch in Hz, start and length in seconds, loudness 0 to 1, wave form. */
type Tone = [pitch: number, at: number, length: number, gain: number, wave: OscillatorType];

/** Short and quiet; nothing that would make an open-plan office look up. */
const TONES: Record<Exclude<Sound, "none">, Tone[]> = {
  chime: [
    [659, 0, 0.5, 0.12, "sine"],
    [988, 0.12, 0.7, 0.1, "sine"],
  ],
  pop: [[420, 0, 0.09, 0.22, "sine"]],
  bell: [
    [880, 0, 1.1, 0.1, "sine"],
    [1760, 0, 0.6, 0.04, "sine"],
    [2637, 0, 0.3, 0.02, "sine"],
  ],
  knock: [
    [170, 0, 0.07, 0.35, "triangle"],
    [150, 0.14, 0.07, 0.3, "triangle"],
  ],
};

let audio: AudioContext | undefined;

/** Plays a notification. */
export const play = (sound: Sound): void => {
  if (sound === "none" || !(sound in TONES)) return;
  audio ??= new AudioContext();
  const start = audio.currentTime;
  for (const [pitch, at, length, loud, wave] of TONES[sound]) {
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    tone.type = wave;
    tone.frequency.value = pitch;
    gain.gain.setValueAtTime(0, start + at);
    gain.gain.linearRampToValueAtTime(loud, start + at + 0.008);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + at + length);
    tone.connect(gain).connect(audio.destination);
    tone.start(start + at);
    tone.stop(start + at + length + 0.02);
  }
};
