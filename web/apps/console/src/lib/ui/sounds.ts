import type { Sound } from "@usher/api";

/** A tone: pitch in Hz, start and length in seconds, loudness 0 to 1, wave form. The widget plays the same. */
type Tone = [pitch: number, at: number, length: number, loudness: number, wave: OscillatorType];

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

export function play(sound: Sound): void {
  if (sound === "none") return;
  audio ??= new AudioContext();
  const now = audio.currentTime;
  for (const [pitch, at, length, loudness, wave] of TONES[sound]) {
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    tone.type = wave;
    tone.frequency.value = pitch;
    gain.gain.setValueAtTime(0, now + at);
    gain.gain.linearRampToValueAtTime(loudness, now + at + 0.008);
    gain.gain.exponentialRampToValueAtTime(0.0001, now + at + length);
    tone.connect(gain).connect(audio.destination);
    tone.start(now + at);
    tone.stop(now + at + length + 0.02);
  }
}
