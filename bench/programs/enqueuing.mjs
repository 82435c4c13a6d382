// The enqueueing side, as enqueuing.py has it.
import readline from "node:readline";
import { now } from "./recorder.mjs";

export const CHUNK = 1000;

export async function enqueue([mode, count], one, many) {
  if (mode === "paced") {
    for await (const line of readline.createInterface({ input: process.stdin })) {
      const before = now();
      await one(Number(line));
      console.log(`${before} ${now()}`);
    }
    return;
  }
  const total = Number(count);
  const started = now();
  if (mode === "single") {
    for (let number = 0; number < total; number += 1) await one(number);
  } else {
    for (let first = 0; first < total; first += CHUNK) {
      await many(Array.from({ length: Math.min(CHUNK, total - first) }, (_, i) => first + i));
    }
  }
  console.log(JSON.stringify({ seconds: now() - started }));
}
